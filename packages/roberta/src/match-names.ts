import { KicError } from '@kic/core'
import type { RobertaErrorCode } from './error-code.ts'

/** The mapping of a model's parameters to a checkpoint's tensors. */
export interface NameMatch {
  /** Parameter of the model → name in the checkpoint. */
  readonly found: ReadonlyMap<string, string>
  /** Names in the checkpoint that no parameter uses. */
  readonly unused: readonly string[]
  /** Buffers, which a model computes itself. */
  readonly buffers: readonly string[]
  /** The renamings, for people, such as `bert.… → roberta.…`. */
  readonly renamings: readonly string[]
}

/** Every encoder has this table, and it is never tied to another. */
const MARK = 'embeddings.position_embeddings.weight'
const BUFFER = /(^|\.)embeddings\.(position_ids|token_type_ids)$/
const ENCODER_PART = /^(embeddings|encoder|pooler)\./

/** Names of tied tensors in older files, and their current names. */
const TIED: readonly (readonly [end: string, other: string])[] = [
  ['embeddings.word_embeddings.weight', 'lm_head.decoder.weight'],
  ['lm_head.bias', 'lm_head.decoder.bias'],
]

/**
 * Finds a model's parameters among the names of a checkpoint, like transformers' `from_pretrained` and beyond:
 * `LayerNorm.gamma` and `.beta` of early files are weight and bias, an encoder may have any prefix or none, and one of
 * two tied tensors is enough.
 *
 * @throws KicError `roberta/ambiguous-encoder` if there are several encoders and none has the model's prefix
 */
export const matchNames = (names: Iterable<string>, wanted: readonly string[]): NameMatch => {
  const all = [...names]
  const buffers = all.filter((name) => BUFFER.test(name))
  const tensors = all.filter((name) => !BUFFER.test(name))
  const { rename, rule } = prefixRename(tensors, wanted)
  const renamings = new Set(rule === undefined ? [] : [rule])
  const byModelName = new Map<string, string>()
  for (const name of tensors) {
    const modern = name.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias')
    if (modern !== name) renamings.add('gamma, beta → weight, bias')
    const renamed = rename(modern)
    // Tensors with the current name take precedence over renamed ones.
    if (!byModelName.has(renamed) || renamed === name) byModelName.set(renamed, name)
  }
  const found = new Map<string, string>()
  for (const name of wanted) {
    const source = byModelName.get(name) ?? tiedSource(name, byModelName)
    if (source !== undefined) found.set(name, source)
  }
  const used = new Set(found.values())
  const unused = tensors.filter((name) => !used.has(name))
  return { found, unused, buffers, renamings: [...renamings] }
}

const tiedSource = (name: string, names: ReadonlyMap<string, string>): string | undefined => {
  const other = TIED.find(([end]) => name === end || name.endsWith(`.${end}`))?.[1]
  return other === undefined ? undefined : names.get(other)
}

interface Rename {
  readonly rename: (name: string) => string
  readonly rule?: string | undefined
}

const prefixRename = (names: readonly string[], wanted: readonly string[]): Rename => {
  const [to, ...more] = prefixesOf(wanted)
  const there = prefixesOf(names)
  // A model with several encoders is looked up by its exact names.
  if (to === undefined || more.length > 0 || there.includes(to)) return { rename: (name) => name }
  const [from, ...others] = there
  if (from === undefined) return { rename: (name) => name }
  if (others.length > 0) {
    throw new KicError<RobertaErrorCode>(
      'roberta/ambiguous-encoder',
      `loadPretrained: the checkpoint has ${there.length} encoders, named ${there.map((prefix) => `'${prefix}'`).join(', ')}, and none '${to}'. Give parameters that begin with one of these.`,
    )
  }
  const rule = `${from}… → ${to}…`
  // The whole model is wrapped, including the head: 'module.' of DataParallel before 'roberta.'.
  if (from.endsWith(to)) {
    const outer = from.slice(0, from.length - to.length)
    return { rename: (name) => (name.startsWith(outer) ? name.slice(outer.length) : name), rule }
  }
  const rename = (name: string): string => {
    if (from === '') return ENCODER_PART.test(name) ? to + name : name
    return name.startsWith(from) ? to + name.slice(from.length) : name
  }
  return { rename, rule }
}

const prefixesOf = (names: readonly string[]): string[] =>
  names
    .filter((name) => name === MARK || name.endsWith(`.${MARK}`))
    .map((name) => name.slice(0, -MARK.length))
