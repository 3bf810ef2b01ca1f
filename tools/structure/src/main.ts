import { join } from 'node:path'
import { Command } from 'commander'
import { EXCEPTIONS } from './exceptions.ts'
import { withoutExceptions } from './finding.ts'
import { readRepository } from './read-repository.ts'
import { RULES } from './rules.ts'

const root = join(import.meta.dirname, '../../..')

const run = async (): Promise<boolean> => {
  const repository = await readRepository(root)
  let failed = 0
  for (const { name, about, check, reportOnly } of RULES) {
    const findings = withoutExceptions(name, check(repository), EXCEPTIONS)
    const verdict = findings.length === 0 ? 'ok    ' : reportOnly ? 'report' : 'FAILED'
    console.log(`${verdict} ${name}: ${about}`)
    for (const { at, message } of findings) console.log(`         ${at} ${message}`)
    if (!reportOnly && findings.length > 0) failed++
  }
  return failed === 0
}

await new Command('check -- structure')
  .description('Checks that the repository is as its map says.')
  .action(async () => {
    process.exitCode = (await run()) ? 0 : 1
  })
  .parseAsync()
