import type { Context, Tensor, Tensors } from '@kic/engine'
import { gelu, layerNorm, linear, multiHeadAttention, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaConfig } from './config.ts'
import { adapterOutput } from './lora/adapter-output.ts'
import { LORA_MODULES, type Lora } from './lora/lora.ts'

export interface LayerOutput {
  /** [B, Q, H], where Q is S or 1. */
  readonly hidden: Tensor
  /** Attention probabilities, [B, N, Q, S]. */
  readonly attention: Tensor
}

/**
 * One transformer layer, normalised after each residual: `RobertaLayer` of transformers' modeling_roberta.py.
 *
 * @param hidden [B, S, H]
 * @param bias of the attention scores, [B, 1, 1, S]; none if every position counts
 * @param prefix for example `roberta.encoder.layer.0.`
 * @param queries positions to compute: all, or only the first, which attends to all
 * @param lora of the adapters beside its linear layers; default: none
 */
export const encoderLayer = (
  params: Tensors,
  hidden: Tensor,
  bias: Tensor | undefined,
  config: RobertaConfig,
  ctx: Context,
  prefix: string,
  queries: 'first' | 'all' = 'all',
  lora?: Lora,
): LayerOutput =>
  tf.tidy(() => {
    const adapted = new Set<string>(lora?.targets.map((target) => LORA_MODULES[target]))
    const residual = queries === 'first' ? tf.slice(hidden, [0, 0, 0], [-1, 1, -1]) : hidden // [B, Q, H]
    const dense = (x: Tensor, name: string): Tensor => {
      const module = `${prefix}${name}`
      const y = linear(x, parameter(params, `${module}.weight`), parameter(params, `${module}.bias`))
      return lora !== undefined && adapted.has(name) ? y.add(adapterOutput(params, x, module, lora, ctx)) : y
    }
    const addAndNorm = (x: Tensor, shortcut: Tensor, name: string): Tensor =>
      layerNorm(
        tf.add(ctx.dropout(x, config.hidden_dropout_prob), shortcut),
        parameter(params, `${prefix}${name}.weight`),
        parameter(params, `${prefix}${name}.bias`),
        config.layer_norm_eps,
      )
    const attention = multiHeadAttention(
      dense(residual, 'attention.self.query'),
      dense(hidden, 'attention.self.key'),
      dense(hidden, 'attention.self.value'),
      {
        heads: config.num_attention_heads,
        dropout: config.attention_probs_dropout_prob,
        bias,
      },
      ctx,
    )
    const attended = addAndNorm(
      dense(attention.context, 'attention.output.dense'),
      residual,
      'attention.output.LayerNorm',
    )
    const inner = gelu(dense(attended, 'intermediate.dense')) // [B, Q, I]
    const output = addAndNorm(dense(inner, 'output.dense'), attended, 'output.LayerNorm')
    return { hidden: output, attention: attention.probabilities }
  })
