import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialize } from '@kic/nn'
import { createRobertaConfig, robertaParameters } from '@kic/roberta'
import { savePretrained } from '@kic/roberta/node'
import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

/**
 * Files of a model in the form of klue/roberta-small (a BERT WordPiece tokenizer, pad id 1, one token type, 514 positions),
 * of tiny shapes, for the Hub's stand-in.
 *
 * @param texts what its vocabulary is learned from
 */
export const tinyKlue = async (texts: readonly string[]): Promise<Record<string, Uint8Array>> => {
  const specialTokens = ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]']
  const learned = await trainWordPiece(texts, { vocabSize: 300 })
  const vocabulary = [...specialTokens, ...learned.filter((token) => !specialTokens.includes(token))]
  const tokenizer = createTokenizer({
    vocabulary,
    tokenizerConfig: { do_lower_case: false, model_max_length: 512 },
  })
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 514,
    type_vocab_size: 1,
    pad_token_id: 1,
    bos_token_id: 0,
    eos_token_id: 2,
    layer_norm_eps: 1e-5,
  })
  const folder = await mkdtemp(join(tmpdir(), 'kic-tiny-klue-'))
  try {
    const params = initialize(robertaParameters(config), 1)
    await savePretrained(folder, { config, params }, { files: (at) => saveTokenizer(at, tokenizer) })
    const names = await readdir(folder)
    return Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const),
      ),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}
