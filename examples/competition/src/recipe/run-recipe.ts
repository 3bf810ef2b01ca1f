import { totalmem } from 'node:os'
import { join } from 'node:path'
import { codesOf, finestLevel, levelNames } from '@kic/classification'
import { formatBytes, KicError } from '@kic/core'
import { checkOutputFile, checkOutputFolder, withOutputLock } from '@kic/core/node'
import { checkSubmission } from '@kic/data/node'
import { selectEngine } from '@kic/engine'
import { inOrder, type Stage } from '@kic/stages'
import { runStages } from '@kic/stages/node'
import { loadTask } from '../load-task.ts'
import { changedRows } from './changed-rows.ts'
import { checkTask, withoutSingleClasses } from './check-task.ts'
import { concludeRun, MODEL, RESULTS } from './conclude-run.ts'
import { learningMemory } from './learning-memory.ts'
import { type Piece, pieceOf, runPiece } from './piece.ts'
import { onLevelsOf, type Recipe } from './recipe.ts'
import { referencesOf } from './references.ts'
import type { Refit } from './refit.ts'
import type { RunRecipeOptions } from './run-recipe-options.ts'
import { type RecipeStages, stagesOfRecipe } from './stages-of-recipe.ts'
import type { Workspace } from './workspace.ts'

/** Of the machine's memory, what stages may occupy together. */
const MEMORY_SHARE = 0.7

/**
 * The whole solution as stages that are kept: members, vote, evaluation, report, submission.
 *
 * Before anything is computed it finds out whether all of it can be: rows, classes, heads, checkpoints, and every file
 * that will be written. With `dryRun`, `plan`, `stage` or `shard` it does a piece of this, without vote and results.
 *
 * @throws KicError `example/option`, `core/output`, `core/locked`, and as `pieceOf`, `loadTask`, `checkTask`,
 *   `checkSubmission`, `selectEngine` and the stages
 */
export const runRecipe = async (options: RunRecipeOptions): Promise<void> => {
  const { output } = options
  const piece = await pieceOf(options)
  if (piece !== undefined) return runStagesOf(options, piece)
  for (const file of Object.values(RESULTS)) await checkOutputFile('runRecipe', join(output, file))
  await checkOutputFolder('runRecipe', join(output, MODEL))
  await withOutputLock('runRecipe', join(output, STAGES), () => runStagesOf(options))
}

/** The folder of the stages, in that of the results, if no other is given. */
const STAGES = 'stages'

const runStagesOf = async (options: RunRecipeOptions, piece?: Piece): Promise<void> => {
  const {
    data,
    mixGenerated,
    classNames,
    output,
    seed,
    submit,
    combine,
    refit = options.recipe.refit,
    memory: budget,
    store: root = join(output, STAGES),
    say,
  } = options
  const started = performance.now()
  const task = await loadTask({ ...options.recipe, mixGenerated, classNames }, seed, data)
  for (const note of task.notes) say(note)
  say(
    `${task.train.length} rows to train on, ${task.validation.length} to validate, ${task.test.length} ${task.testName}; ` +
      levelNames(task.classification)
        .map((level) => `${codesOf(task.classification, level).length} of level ${level}`)
        .join(', '),
  )
  checkTask(task)
  const whole = onLevelsOf(options.recipe, task.classification)
  const recipe = withoutSingleClasses(whole, task)
  const leftOut = namesOf(whole).filter((name) => !namesOf(recipe).includes(name))
  if (leftOut.length > 0) say(`left out, as their level has one class alone: ${leftOut.join(', ')}`)
  const chosen = onlyVoters(recipe, options.only)
  const voters = [...chosen.members, ...chosen.ngrams]
  const votes = voters.some(({ level }) => level === finestLevel(task.classification))
  if (!votes)
    say(
      `none of ${voters.map(({ name }) => name).join(', ')} knows ${finestLevel(task.classification)}: made without a vote`,
    )
  const encoding =
    votes && piece === undefined ? checkSubmission(task.submit, { encoding: 'auto' }) : undefined
  if (encoding === 'utf-8-bom')
    say('the submission is written in UTF-8, as cp949 lacks a character of its rows')
  const engine = await selectEngine(options.engine)
  say(`engine: ${engine.description}`)
  try {
    const changed = changedRows(task, seed)
    const unlimited: Workspace = { engine, recipe, task, changed, seed }
    const wantedOf = ({ voters: made, references }: RecipeStages): readonly Stage[] => [
      ...voters.flatMap(({ name }) => made.get(name) ?? []),
      ...(votes ? references : []),
    ]
    const memory =
      piece?.kind === 'describe' || budget !== undefined
        ? await learningMemory(inOrder(wantedOf(stagesOfRecipe(unlimited))), budget)
        : undefined
    const stages = stagesOfRecipe({ ...unlimited, memory })
    const wanted = wantedOf(stages)
    if (memory !== undefined && piece?.kind !== 'describe')
      for (const [kind, { bytes, part }] of memory) {
        if (part.accumulation > 1)
          say(
            `${kind}: micro-batches of ${part.rows} rows, ${part.accumulation} to an update (${formatBytes(bytes)})`,
          )
      }
    if (piece !== undefined) {
      await runPiece(piece, wanted, { root, say })
      return
    }
    const limits = { root, memory: MEMORY_SHARE * totalmem(), jobs: options.jobs, say }
    const folders = await runStages(wanted, limits)
    if (encoding === undefined) return
    await concludeRun({
      recipe: chosen,
      references: referencesOf(recipe, task.classification),
      task,
      changed,
      folders,
      data,
      output,
      seed,
      encoding,
      submit,
      combine,
      refit: (names) =>
        runStages(
          refitted(chosen, names, refit).flatMap((name) => stages.refits.get(name) ?? []),
          limits,
        ),
      started,
      say,
    })
  } finally {
    engine.dispose()
  }
}

const namesOf = ({ members, ngrams }: Recipe): string[] => [...members, ...ngrams].map(({ name }) => name)

/** The voters of the chosen ensemble that are trained again. */
const refitted = ({ ngrams }: Recipe, names: readonly string[], refit: Refit): readonly string[] =>
  refit === 'all'
    ? names
    : names.filter((name) => refit === 'ngrams' && ngrams.some((one) => one.name === name))

/** The recipe with some of its voters. */
const onlyVoters = (recipe: Recipe, only: readonly string[] | undefined): Recipe => {
  if (only === undefined) return recipe
  const names = namesOf(recipe)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new KicError(
      'example/option',
      `--only: a name must be one of ${names.join(', ')}, received '${unknown}'. Give some of these.`,
    )
  }
  const isChosen = ({ name }: { readonly name: string }): boolean => only.includes(name)
  return { ...recipe, members: recipe.members.filter(isChosen), ngrams: recipe.ngrams.filter(isChosen) }
}
