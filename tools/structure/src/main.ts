import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { EXCEPTIONS } from './exceptions.ts'
import { formatVerdict, judge } from './judge.ts'
import { PAGES, withBlocks } from './map/pages.ts'
import { readRepository } from './read-repository.ts'
import { readWorkspaces } from './read-workspaces.ts'
import { RULES } from './rules.ts'

const root = join(import.meta.dirname, '../../..')

interface Options {
  readonly only?: readonly string[] | undefined
  readonly write?: boolean | undefined
}

/** Writes the map into its pages. */
const writeMap = async (): Promise<void> => {
  const workspaces = await readWorkspaces(root)
  for (const [page, blocks] of Object.entries(PAGES)) {
    const text = await readFile(join(root, page), 'utf8')
    await writeFile(join(root, page), withBlocks(page, text, blocks, workspaces))
  }
}

const check = async ({ only, write }: Options): Promise<void> => {
  if (write) await writeMap()
  const rules = RULES.filter(({ name }) => only?.includes(name) ?? true)
  const verdicts = judge(await readRepository(root), rules, EXCEPTIONS)
  for (const verdict of verdicts) console.log(formatVerdict(verdict))
  if (verdicts.some(({ passed }) => !passed)) process.exitCode = 1
}

await new Command('check -- structure')
  .description('Holds packages, examples and tools to the map of the repository, src/floors.ts.')
  .addOption(new Option('--only <rules...>', 'these rules alone').choices(RULES.map(({ name }) => name)))
  .option('--write', 'write the map into README.md and docs/architecture.md first')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- structure\n  npm run check -- structure --only floors korean\n  npm run check -- structure --write',
  )
  .action(check)
  .parseAsync()
