import type { NgramModel } from '@kic/ngram'

/** A classifier of character n-grams: a voter of another kind than the transformers. */
export type NgramRecipe = { readonly name: string; readonly level: string } & NgramModel
