import type { AdamW } from '@kic/engine'

/** Settings of a parameter, by its name. */
export type ParameterSettings = NonNullable<AdamW['perParameter']>

/** A part of a name, or a pattern. */
export type NamePattern = string | RegExp

const matches = (name: string, pattern: NamePattern): boolean =>
  typeof pattern === 'string'
    ? name.includes(pattern)
    : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(name)

/** Whether a parameter is a bias or belongs to a layer norm; these are usually not decayed. */
export const isBiasOrNorm = (name: string): boolean =>
  /(^|\.)bias(_[^.]*)?$|layer_?norm|(^|[._])norm\d*\./i.test(name)

/** No weight decay on biases and layer norms, and on further given names. */
export const noDecay =
  (exempt: (name: string) => boolean = isBiasOrNorm): ParameterSettings =>
  (name) =>
    exempt(name) ? { weightDecay: 0 } : {}

/**
 * Learning rates that decrease from the head to the embeddings: 1 for everything above the encoder, `decay^(L - i)` for
 * layer `i` of `L`, from 0, and `decay^(L + 1)` for the embeddings, as in BEiT (Bao et al. 2021, arXiv:2106.08254).
 */
export const layerWiseRates =
  ({ layers, decay }: { readonly layers: number; readonly decay: number }): ParameterSettings =>
  (name) => {
    const layer = /(^|\.)layers?\.(\d+)\./.exec(name)?.[2]
    if (layer !== undefined) return { learningRateScale: decay ** (layers - Number(layer)) }
    return { learningRateScale: /(^|\.)embeddings?\./.test(name) ? decay ** (layers + 1) : 1 }
  }

/**
 * Sparse updates of the tables of n-grams, `ngram_embeddings`: a batch changes only the rows that it looks up, without
 * decay.
 *
 * @param learningRateScale their learning rate as a multiple of the others'; default 5, because most rows have few
 *   updates
 */
export const ngramTables =
  (learningRateScale = 5): ParameterSettings =>
  (name) =>
    /(^|\.)ngram_embeddings\./.test(name) ? { rows: 'touched', weightDecay: 0, learningRateScale } : {}

/** Combines several settings; later ones win. */
export const combineSettings =
  (...settings: readonly ParameterSettings[]): ParameterSettings =>
  (name) =>
    Object.assign({}, ...settings.map((of) => of(name)))

/** `trainable` for everything except names that contain or match one of the patterns. */
export const allExcept =
  (...patterns: readonly NamePattern[]): ((name: string) => boolean) =>
  (name) =>
    !patterns.some((pattern) => matches(name, pattern))
