import { type Command, Option } from 'commander'

/** Adds `--budget` to a command that loads a model. */
export const addBudget = (command: Command): Command =>
  command.addOption(
    new Option(
      '--budget <name>',
      'of an ensemble with budgets: fast runs fewer members, best the most accurate ones',
    ).choices(['fast', 'best']),
  )
