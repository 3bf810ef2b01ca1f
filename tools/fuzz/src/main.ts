import { Command } from 'commander'
import { engineCommand } from './engine/main.ts'
import { filesCommand } from './files/main.ts'
import { propertiesCommand } from './properties/main.ts'

const program = new Command('fuzz')
  .description('Random inputs against an oracle: a finding ends the run with a small example.')
  .addCommand(engineCommand)
  .addCommand(filesCommand)
  .addCommand(propertiesCommand)

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
