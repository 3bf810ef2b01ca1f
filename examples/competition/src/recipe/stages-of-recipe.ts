import { KicError } from '@kic/core'
import type { Stage } from '@kic/stages'
import {
  encoderEffort,
  linearSvcEffort,
  maskingEffort,
  memberEffort,
  pairsEffort,
  predictionsEffort,
} from './efforts.ts'
import { fineTuningOf } from './fine-tuning.ts'
import { checkEncoder, makeEncoder, makePairs, makeTapt, makeVocabulary } from './make-encoders.ts'
import { checkMember, makeMember, makePredictions } from './make-member.ts'
import { makeNgramMember, makeNgramPredictions } from './make-ngram-member.ts'
import { FIFTEEN, type MemberRecipe, type SizeName, type Start } from './members.ts'
import { classesOf, maskingOf, microBatchOf, pairsOf } from './micro-batches.ts'
import type { NgramRecipe } from './ngram-recipe.ts'
import type { FreshSize } from './recipe.ts'
import { referencesOf } from './references.ts'
import {
  COPIED_PARTS,
  levelAbove,
  type Part,
  PREDICTED_PARTS,
  sizeOf,
  taskDigests,
  type Workspace,
} from './workspace.ts'

/** Raise it when the same config and data give other results; stages of older code are then rerun. */
const CODE_VERSION = 6

/** The stages of predictions, by the name of the voter or reference. */
export interface RecipeStages {
  readonly voters: ReadonlyMap<string, readonly Stage[]>
  /** Of voters that are trained again, on training and validation rows. */
  readonly refits: ReadonlyMap<string, Stage>
  readonly references: readonly Stage[]
}

/**
 * The stages of each voter's predictions, with their needs. Voters share the stages that several of them need. Rows that are only
 * predicted affect the stages of predictions alone.
 */
export const stagesOfRecipe = (workspace: Workspace): RecipeStages => {
  const { recipe, seed } = workspace
  const { maxLength, batchSize } = recipe
  const { classes, train, generated, validation, unlabelled, predicted, copied } = taskDigests(workspace)
  const { task } = workspace
  /** The workspace of a training on all rows that have labels but those to judge. */
  const whole: Workspace = { ...workspace, task: { ...task, train: [...task.train, ...task.validation] } }
  const once = new Map<string, Stage>()
  const stage = (made: Omit<Stage, 'version'>): Stage => {
    const known = once.get(made.name)
    if (known !== undefined) return known
    const versioned = { version: CODE_VERSION, ...made }
    once.set(made.name, versioned)
    return versioned
  }

  const vocabulary = (size: SizeName, { reading = 'words', vocabulary }: FreshSize): Stage =>
    stage({
      name: `vocabulary/${size}`,
      config: { reading, vocabulary, train, generated },
      needs: {},
      memory: 300e6,
      run: makeVocabulary(workspace, { reading, vocabulary }),
    })
  const encoder = (size: SizeName, start: Start): Stage => {
    const memory = memoryOf(workspace, size)
    const sizeRecipe = sizeOf(workspace, size)
    const config = { size: { ...sizeRecipe }, maxLength, seed }
    const texts = { train, validation, unlabelled }
    switch (start) {
      case 'pretrained':
        return stage({
          name: `encoder/${size}`,
          config: {
            ...config,
            pretraining: JSON.stringify(recipe.pretraining),
            microBatch: microBatchOf(workspace, encoderEffort(workspace, size)?.learning ?? ''),
            train: recipe.pretraining === 'none' ? undefined : train,
            validation: recipe.pretraining === 'none' ? undefined : validation,
            unlabelled: recipe.pretraining === 'none' ? undefined : unlabelled,
            ...(generated === undefined
              ? {}
              : {
                  generated,
                  learning: { ...recipe.fineTuning[size] },
                  generatedEpochs: recipe.generatedEpochs,
                  classes,
                  batchSize,
                }),
          },
          needs: 'pretrained' in sizeRecipe ? {} : { vocabulary: vocabulary(size, sizeRecipe) },
          memory,
          effort: encoderEffort(workspace, size),
          check: checkEncoder(workspace, size),
          run: makeEncoder(workspace, size),
        })
      case 'tapt':
        return stage({
          name: `tapt/${size}`,
          config: {
            ...config,
            ...texts,
            tapt: JSON.stringify(recipe.tapt),
            microBatch: microBatchOf(workspace, maskingOf(size)),
          },
          needs: { encoder: encoder(size, 'pretrained') },
          memory,
          effort: maskingEffort(workspace, size, recipe.tapt),
          run: makeTapt(workspace, size),
        })
      case 'tapt+pairs':
        return stage({
          name: `pairs/${size}`,
          config: {
            ...config,
            ...recipe.pairs,
            batchSize,
            microBatch: microBatchOf(workspace, pairsOf(size)),
            classes,
            train,
            validation,
          },
          needs: {
            encoder: encoder(size, 'tapt'),
            ...Object.fromEntries(recipe.earlier.map((name) => [name, member(named(recipe.members, name))])),
          },
          memory,
          effort: pairsEffort(workspace, size),
          run: makePairs(workspace, size),
        })
    }
  }
  const member = (recipeOfMember: MemberRecipe, refit = false): Stage => {
    const { name, size, start, fusion } = recipeOfMember
    const own = refit ? whole : workspace
    return stage({
      name: refit ? refitStage(name) : memberStage(name),
      config: {
        ...recipeOfMember,
        fineTuning: { ...fineTuningOf(own, recipeOfMember) },
        refit: refit || undefined,
        augmentation: JSON.stringify(recipe.augmentation),
        labelSmoothing: recipe.labelSmoothing,
        maxLength,
        batchSize,
        microBatch: microBatchOf(workspace, classesOf(recipeOfMember)),
        classes,
        train,
        validation,
        seed,
      },
      needs: {
        encoder: encoder(size, start),
        ...(fusion === 'none' ? {} : { previous: member(previousOf(workspace, recipeOfMember)) }),
      },
      memory: memoryOf(workspace, size) * (fusion === 'none' ? 1 : 1.5),
      effort: memberEffort(own, recipeOfMember),
      check: checkMember(recipeOfMember),
      run: makeMember(own, recipeOfMember),
    })
  }
  const ngrams = (of: NgramRecipe, refit = false): Stage => {
    const own = refit ? whole : workspace
    return stage({
      name: refit ? refitStage(of.name) : memberStage(of.name),
      config: { ...of, refit: refit || undefined, classes, train, generated, validation, seed },
      needs: {},
      memory: 500e6,
      effort: of.model === 'linear-svc' ? linearSvcEffort(own, of) : undefined,
      run: makeNgramMember(own, of),
    })
  }
  /** What a trained voter predicts of some parts. */
  type Predicting = (parts: readonly Part[]) => Pick<Stage, 'memory' | 'effort' | 'run'>
  const predictions = (name: string, trained: Stage, made: Predicting): Stage =>
    stage({ name, config: { predicted }, needs: { member: trained }, ...made(PREDICTED_PARTS) })
  const copies = (name: string, trained: Stage, made: Predicting): Stage =>
    stage({ name, config: { copied }, needs: { member: trained }, ...made(COPIED_PARTS) })
  const ofMember =
    (of: MemberRecipe): Predicting =>
    (parts) => ({
      memory: memoryOf(workspace, of.size) / 2,
      effort: predictionsEffort(workspace, of, parts),
      run: makePredictions(workspace, of, parts),
    })
  const ofNgrams =
    (of: NgramRecipe): Predicting =>
    (parts) => ({ memory: 500e6, run: makeNgramPredictions(workspace, of, parts) })

  const voters = [
    ...recipe.members.map((one) => ({
      name: one.name,
      made: ofMember(one),
      train: (refit?: boolean) => member(one, refit),
    })),
    ...recipe.ngrams.map((one) => ({
      name: one.name,
      made: ofNgrams(one),
      train: (refit?: boolean) => ngrams(one, refit),
    })),
  ]
  return {
    voters: new Map(
      voters.map(({ name, made, train }) => [
        name,
        [predictions(predictionsStage(name), train(), made), copies(copiesStage(name), train(), made)],
      ]),
    ),
    refits: new Map(
      voters.map(({ name, made, train }) => [
        name,
        predictions(refitPredictionsStage(name), train(true), made),
      ]),
    ),
    references: referencesOf(recipe, task.classification).map(({ model }) =>
      predictions(predictionsStage(model.name), ngrams(model), ofNgrams(model)),
    ),
  }
}

/** The stages of a voter. */
export const memberStage = (name: string): string => `member/${name}`
export const predictionsStage = (name: string): string => `predictions/${name}`
export const refitStage = (name: string): string => `refit/${name}`
export const refitPredictionsStage = (name: string): string => `refit-predictions/${name}`
export const copiesStage = (name: string): string => `copies/${name}`

/** The member whose encoder a fused member reads: of the level above and the same size, preferably with the same start. */
const previousOf = (
  { recipe, task }: Workspace,
  { name, level, size, start }: MemberRecipe,
): MemberRecipe => {
  const above = levelAbove(task.classification, level)
  const candidates = recipe.members.filter(
    (one) => one.level === above && one.size === size && one.fusion === 'none',
  )
  const found = candidates.find((one) => one.start === start) ?? candidates[0]
  if (found !== undefined) return found
  throw new KicError(
    'example/recipe',
    `recipe: a fused member needs a member of level ${above} and size ${size}, received ${name} without one. Add it to the recipe.`,
  )
}

const named = (members: readonly MemberRecipe[], name: string): MemberRecipe => {
  const found = members.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new KicError(
    'example/recipe',
    `recipe: a name must be one of the ${FIFTEEN.length} members, received ${name}. Correct it.`,
  )
}

/** Parameters with gradient and moments, 16 bytes each, and about as much for the activations of a step. */
const memoryOf = (workspace: Workspace, size: SizeName): number => {
  const found = sizeOf(workspace, size)
  if ('pretrained' in found) return { small: 3e9, base: 5e9, large: 12e9 }[size]
  return 400e6 + 32 * (12 * found.layers * found.hidden ** 2 + found.vocabulary * found.hidden)
}
