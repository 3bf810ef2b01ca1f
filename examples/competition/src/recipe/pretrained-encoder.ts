import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DownloadProgress, type HubOptions, resolveModel } from '@kic/checkpoints/node'
import { isKicError, KicError } from '@kic/core'
import { loadPreparation } from '@kic/data/node'
import { defaultPreparation, describePreparation } from '@kic/data/prepare'
import { maxTokens, parseRobertaConfig, type RobertaConfig } from '@kic/roberta'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'

/** What is known of a pretrained encoder before its weights are read. */
export interface PretrainedEncoder {
  /** Where config, weights and tokenizer are on this machine. */
  readonly folder: string
  readonly config: RobertaConfig
  readonly tokenizer: Tokenizer
}

/**
 * A pretrained encoder whose weights can be loaded at once: a folder, or a model of the Hub, which is downloaded unless it
 * is in the cache.
 *
 * @param source a folder, or an id such as `klue/roberta-small`
 * @param longest the longest row of tokens that it must take
 * @throws KicError `example/pretrained` where rows or tokens do not fit it, and what `resolveModel`, `parseRobertaConfig`
 *   and `loadTokenizer` throw
 */
export const pretrainedEncoder = async (
  source: string,
  longest: number,
  hub: HubOptions = {},
): Promise<PretrainedEncoder> => {
  const folder = await resolveModel(source, { ...hub, tokenizer: true })
  const [config, tokenizer, preparation = defaultPreparation] = await Promise.all([
    readFile(join(folder, 'config.json'), 'utf8').then((text) => parseRobertaConfig(JSON.parse(text))),
    loadTokenizer(folder),
    loadPreparation(folder),
  ])
  const refused = (what: string): KicError =>
    new KicError('example/pretrained', `pretrainedEncoder: ${source} ${what}. Choose another encoder.`)
  if (maxTokens(config) < longest) {
    throw refused(`takes rows of at most ${maxTokens(config)} tokens, and the recipe has rows of ${longest}`)
  }
  if (tokenizer.vocabSize > config.vocab_size) {
    throw refused(`has a tokenizer of ${tokenizer.vocabSize} tokens for a vocabulary of ${config.vocab_size}`)
  }
  if (tokenizer.files === null) {
    throw refused('has a tokenizer that cannot be saved beside the models that are made of it')
  }
  if (describePreparation(preparation) !== describePreparation(defaultPreparation)) {
    throw refused(
      `reads texts prepared in another way (${describePreparation(preparation)}) than those of a run are ` +
        `(${describePreparation(defaultPreparation)})`,
    )
  }
  return { folder, config, tokenizer }
}

/** The same, if it can be had without a connection. */
export const pretrainedHere = async (
  source: string,
  longest: number,
): Promise<PretrainedEncoder | undefined> => {
  try {
    return await pretrainedEncoder(source, longest, { offline: true })
  } catch (error) {
    if (isKicError(error) && error.code === 'checkpoints/offline') return undefined
    throw error
  }
}

/** Says which files are downloaded, one line each. */
export const downloadLines = (
  source: string,
  say: (line: string) => void,
): ((progress: DownloadProgress) => void) => {
  const told = new Set<string>()
  return ({ file, received, size }) => {
    // A file that is in the cache is complete when it is first heard of.
    if (received >= size || told.has(file)) return
    told.add(file)
    say(`downloading ${file} of ${source}, ${(size / 1e6).toFixed(1)} MB`)
  }
}
