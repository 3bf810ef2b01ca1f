import { isKicError, parseBytes } from '@kic/core'
import type { EngineChoice } from '@kic/engine'
import { loadHead } from '@kic/roberta/node'
import { parseShard, type Shard } from '@kic/stages'
import { Command, InvalidArgumentError, Option } from 'commander'
import { COMBINATIONS, type Combination } from './recipe/combine-members.ts'
import { RECIPES, withFewerEpochs } from './recipe/recipe.ts'
import { REFITS, type Refit } from './recipe/refit.ts'
import { runRecipe } from './recipe/run-recipe.ts'

const integer = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be an integer.')
  return value
}

const atLeastOne = (text: string): number => {
  const value = integer(text)
  if (value < 1) throw new InvalidArgumentError('It must be at least 1.')
  return value
}

interface Options {
  readonly data?: string | undefined
  readonly mixGenerated?: number | undefined
  readonly classNames?: boolean | undefined
  readonly preset: string
  readonly output: string
  readonly engine: EngineChoice
  readonly seed: number
  readonly head?: string | undefined
  readonly submit: 'published' | 'chosen'
  readonly combine: Combination
  readonly refit?: Refit | undefined
  readonly only?: readonly string[] | undefined
  readonly dryRun?: boolean | undefined
  readonly store?: string | undefined
  readonly plan?: string | undefined
  readonly stage?: string | undefined
  readonly shard?: Shard | undefined
  readonly memory?: number | undefined
  readonly jobs?: number | undefined
  readonly epochs?: number | undefined
}

await new Command('npm start --')
  .description(
    'Trains classifiers at three levels of an industry classification, votes, evaluates, and writes a submission.',
  )
  .option(
    '--data <spec>',
    "a competition-format file, text<TAB>code, a folder with train.tsv and dev.tsv, or 'naics'",
  )
  .option(
    '--mix-generated <rows>',
    'generate so many rows beside those of --data, if these are of KSIC: n-gram models learn from both, networks first from these',
    atLeastOne,
  )
  .option(
    '--class-names',
    'train on the names of groups and divisions in the classification too, as rows with their label',
  )
  .addOption(
    new Option('--preset <name>', 'size and length of the run')
      .choices(Object.keys(RECIPES))
      .default('quick'),
  )
  .option('--output <folder>', 'folder of the results', 'output')
  .option(
    '--store <folder>',
    'folder of the stages, which several machines may share (default: stages in --output)',
  )
  .addOption(
    new Option('--engine <name>', 'the engine')
      .choices(['auto', 'compiled', 'webgpu', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
      .default('auto'),
  )
  .option('--seed <integer>', 'seed of all randomness', integer, 1)
  .option(
    '--head <name>',
    "every member's head: standard, mean, ngram, or the x of an installed @kic/heads-x",
  )
  .option('--only <members...>', 'train only these members, and vote with them')
  .addOption(
    new Option(
      '--submit <vote>',
      "whose answers submission.csv has: the published scheme's, or the chosen ensemble's",
    )
      .choices(['published', 'chosen'])
      .default('published'),
  )
  .addOption(
    new Option(
      '--combine <way>',
      'how the chosen ensemble combines members: by greedy weights (selected), by a stack, or by the better of both',
    )
      .choices(COMBINATIONS)
      .default('auto'),
  )
  .addOption(
    new Option(
      '--refit <voters>',
      'which voters of the chosen ensemble are trained again on training and validation rows, with the same weights; default: all of laptop, n-gram voters of quick, none of full',
    ).choices(REFITS),
  )
  .option(
    '--epochs <count>',
    'at most so many epochs of each training; 1 tells the size and speed of the model, not its accuracy',
    atLeastOne,
  )
  .option('--dry-run', 'list the stages, their states, and the estimated time and memory')
  .option(
    '--plan <file>',
    'write the plan of the stages as JSON, and run nothing; --stage and --shard read it instead',
  )
  .option('--stage <name>', 'run only this stage, whose needs are done, without vote and results')
  .option(
    '--shard <i/n>',
    'run only the i-th of n parts of --plan, i from 1, and wait for stages of other shards in --store',
    parseShard,
  )
  .option(
    '--memory <bytes>',
    'memory of the device, such as 8GiB: trainings that take more use smaller micro-batches, and updates keep their rows',
    parseBytes,
  )
  .option('--jobs <count>', 'number of stages at once', integer)
  .addHelpText(
    'after',
    '\nquick takes minutes. laptop trains all fifteen members from small encoders; an interrupted run resumes from its\n' +
      'finished stages. full is for klue/roberta and a GPU. rehearsal runs every stage of laptop on very little data.\n' +
      'Every run also reports accuracies on its test rows without spaces and with spaces drawn at random, and\n' +
      'the scores of references: naive Bayes and, but for quick and full, support vector machines on the same training rows.\n' +
      '\nSeveral machines share a run if they share --store: one writes --plan, each runs a --shard of it with the same\n' +
      'options, and the command without --plan and --shard then votes and writes the results.\n' +
      '\nExamples:\n  npm start\n  npm run competition -- --preset laptop --dry-run\n  npm run competition -- --preset laptop --output runs/laptop\n  npm run competition -- --preset laptop --store shared/stages --plan shared/plan.json\n  npm run competition -- --preset laptop --store shared/stages --plan shared/plan.json --shard 1/4\n  npm run competition -- --preset laptop --data rows/ --mix-generated 40000\n  npm start -- --data naics\n  npm start -- --data "1. 실습용자료.txt" --output runs/first',
  )
  .action(async ({ preset, head, only, dryRun, jobs, epochs, ...options }: Options) => {
    const chosen = RECIPES[preset]
    if (chosen === undefined) throw new Error(`no preset ${preset}`)
    if (head !== undefined) await loadHead(head) // before anything is trained
    const fewer = epochs === undefined ? chosen : withFewerEpochs(chosen, epochs)
    const recipe = {
      ...fewer,
      members: fewer.members.map((member) => ({ ...member, head: head ?? member.head })),
    }
    await runRecipe({
      ...options,
      only,
      dryRun,
      jobs,
      recipe,
      say: console.log,
    })
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `error: ${error.message}` : error)
    process.exitCode = 1
  })
