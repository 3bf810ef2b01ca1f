import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as rust from 'tokenizers'
import { addedToken } from './rust-tokenizer.ts'

type Json = Record<string, unknown>

/** The `model` of a tokenizer.json that the Rust library trained. */
interface TrainedModel {
  readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[]
  readonly merges?: readonly unknown[] | undefined
}

const train = async (corpus: readonly string[], tokenizer: rust.Tokenizer): Promise<TrainedModel> => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
  try {
    await writeFile(join(folder, 'corpus.txt'), corpus.join('\n'))
    // The library's progress bars write line feeds to standard output.
    tokenizer.train([join(folder, 'corpus.txt')])
    tokenizer.save(join(folder, 'tokenizer.json'))
    return JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')).model
  } finally {
    await rm(folder, { recursive: true })
  }
}

const BERT_NAMES = ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]']
const ROBERTA_NAMES = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
const BYTE_NAMES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)

/** A vocabulary with `first` before it, which move its ids. */
const shifted = (vocab: TrainedModel['vocab'], first: readonly string[]): Json => {
  const names = Array.isArray(vocab) ? [] : Object.entries(vocab).sort((a, b) => a[1] - b[1]).map(([name]) => name)
  const all = [...first, ...names.filter((name) => !first.includes(name))]
  return Object.fromEntries(all.map((name, id) => [name, id]))
}

const template = (cls: string, sep: string) => {
  const token = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } })
  const text = (id: string, type: number) => ({ Sequence: { id, type_id: type } })
  return {
    type: 'TemplateProcessing',
    single: [token(cls, 0), text('A', 0), token(sep, 0)],
    pair: [token(cls, 0), text('A', 0), token(sep, 0), text('B', 1), token(sep, 1)],
    special_tokens: {
      [cls]: { id: cls, ids: [0], tokens: [cls] },
      [sep]: { id: sep, ids: [2], tokens: [sep] },
    },
  }
}

const sections = (names: readonly string[], parts: Json): Json => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: names.map((name, id) =>
    addedToken(id, name, { lstrip: name === '<mask>', special: true }),
  ),
  normalizer: null,
  pre_tokenizer: null,
  post_processor: template(names[0] ?? '', names[2] ?? ''),
  decoder: null,
  ...parts,
})

/** Five kinds of tokenizer.json, each with a vocabulary that the Rust library learned from the corpus. */
export const trainedFolders = async (corpus: readonly string[]): Promise<Readonly<Record<string, Json>>> => {
  const learn = (model: rust.Model, pre: rust.PreTokenizer, normalizer?: rust.Normalizer): Promise<TrainedModel> => {
    const tokenizer = new rust.Tokenizer(model)
    tokenizer.setPreTokenizer(pre)
    if (normalizer !== undefined) tokenizer.setNormalizer(normalizer)
    return train(corpus, tokenizer)
  }
  const wordPiece = async (pre: rust.PreTokenizer): Promise<Json> => {
    const model = await learn(rust.WordPiece.empty(), pre)
    return { ...model, vocab: shifted(model.vocab, BERT_NAMES) }
  }
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }

  const levels = await learn(rust.BPE.empty(), rust.byteLevelPreTokenizer(true))
  const unigram = await learn(rust.Unigram.empty(), rust.metaspacePreTokenizer(), rust.nfkcNormalizer())
  const fallback = await learn(rust.BPE.empty(), rust.metaspacePreTokenizer())
  const scores = Array.isArray(unigram.vocab) ? unigram.vocab : []

  return {
    'BERT WordPiece': sections(BERT_NAMES, {
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: false,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: await wordPiece(rust.bertPreTokenizer()),
    }),
    'WordPiece with Whitespace': sections(BERT_NAMES, {
      normalizer: { type: 'NFC' },
      pre_tokenizer: { type: 'Whitespace' },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
      model: await wordPiece(rust.whitespacePreTokenizer()),
    }),
    'byte-level BPE': sections(ROBERTA_NAMES, {
      pre_tokenizer: byteLevel,
      post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: true },
      decoder: byteLevel,
      model: {
        ...levels,
        vocab: shifted(levels.vocab, [...ROBERTA_NAMES, ...rust.byteLevelAlphabet().sort()]),
      },
    }),
    'Unigram with Metaspace': sections(ROBERTA_NAMES, {
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Nmt' },
          { type: 'NFKC' },
          { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
        ],
      },
      pre_tokenizer: metaspace,
      decoder: metaspace,
      model: { ...unigram, unk_id: 3, vocab: [...ROBERTA_NAMES.map((name) => [name, 0]), ...scores] },
    }),
    'BPE with byte fallback': sections(ROBERTA_NAMES, {
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: {
        ...fallback,
        unk_token: '<unk>',
        fuse_unk: true,
        byte_fallback: true,
        vocab: shifted(fallback.vocab, [...ROBERTA_NAMES, ...BYTE_NAMES]),
      },
    }),
  }
}
