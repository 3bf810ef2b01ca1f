import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { Command } from 'commander'
import { installNode } from './install-node.ts'
import { runTests } from './run-tests.ts'

/** The release lines that tests must pass on; the first is the oldest that packages allow. */
const RELEASES = ['20', '22', '24', '26']
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/kic-nodes')

interface Options {
  readonly only: readonly string[]
  readonly tests: readonly string[]
}

const command = new Command('check nodes')
  .description(
    'Runs the tests on releases of Node.js, which are installed from the npm registry into a cache.',
  )
  .option('--only <releases...>', 'these releases', RELEASES)
  .option('--tests <paths...>', 'these files or folders', [])
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- nodes\n  npm run check -- nodes --only 22 26 --tests packages/tokenizer/',
  )
  .action(async ({ only, tests }: Options) => {
    const results: string[] = []
    for (const release of only) {
      const { version, bin } = await installNode(release, CACHE)
      console.log(`\nNode.js ${version}`)
      const passed = await runTests(bin, tests)
      results.push(`Node.js ${version.padEnd(8)}  ${passed ? 'ok' : 'FAILED'}`)
      if (!passed) process.exitCode = 1
    }
    console.log(results.join('\n'))
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
