import { execFile, spawn } from 'node:child_process'
import { copyFile, lstat, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { recipeCommands } from './recipe-commands.ts'

const root = resolve(import.meta.dirname, '../../..')

/** Copies all files that git tracks or would add, and nothing built or installed. */
const copyRepository = async (target: string): Promise<void> => {
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, maxBuffer: 2 ** 26 },
  )
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    const source = join(root, path)
    // A file that was removed, but not yet from git's index.
    if (!(await lstat(source).catch(() => undefined))?.isFile()) continue
    await mkdir(dirname(join(target, path)), { recursive: true })
    await copyFile(source, join(target, path))
  }
  // Tools of the repository ask git which files there are.
  await promisify(execFile)('git', ['init', '--quiet'], { cwd: target })
}

/** Runs a command like a shell, and shows its output. */
const follow = async (command: string, cwd: string): Promise<void> => {
  const started = performance.now()
  console.log(`\n$ ${command}`)
  const code = await new Promise<number | null>((done, failed) => {
    const env = { ...process.env, NX_DAEMON: 'false' }
    const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', failed)
    child.once('close', done)
  })
  if (code !== 0) throw new Error(`check recipe: '${command}' ended with exit code ${code}.`)
  console.log(`  ${((performance.now() - started) / 1000).toFixed(0)} s`)
}

const run = async (heading: string, keep: boolean): Promise<void> => {
  const commands = recipeCommands(await readFile(join(root, 'CONTRIBUTING.md'), 'utf8'), heading)
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'kic-recipe-')))
  try {
    console.log(`following '${heading}' of CONTRIBUTING.md in ${copy}`)
    await copyRepository(copy)
    for (const command of ['npm ci --no-audit --no-fund', ...commands]) await follow(command, copy)
    console.log(`\n'${heading}': all ${commands.length} commands passed`)
  } finally {
    if (!keep) await rm(copy, { recursive: true, force: true })
  }
}

try {
  await new Command('npm run check -- recipe')
    .description(
      'Follows the commands of a recipe in CONTRIBUTING.md, word for word, in a copy of the repository.',
    )
    .argument('[heading]', 'the recipe', 'A head')
    .option('--keep', 'leaves the copy for a look at it')
    .addHelpText('after', '\nExamples:\n  npm run check -- recipe\n  npm run check -- recipe "A head" --keep')
    .action((heading: string, { keep = false }: { keep?: boolean | undefined }) => run(heading, keep))
    .parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
