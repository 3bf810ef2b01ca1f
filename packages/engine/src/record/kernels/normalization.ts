import type { Translation, TranslationTable } from '../translation.ts'

/** (x - mean) / √(variance + ε) · scale + offset, broadcast over the channels, the last axis. */
const batchNorm: Translation = ({ g, input, optional, attributes }) => {
  const deviation = g.unary(
    'Sqrt',
    g.binary('Add', input('variance'), g.scalar(attributes.number('varianceEpsilon'))),
  )
  const [scale, offset] = [optional('scale'), optional('offset')]
  const factor = scale === undefined ? g.unary('Reciprocal', deviation) : g.binary('Div', scale, deviation)
  const normalized = g.binary('Mul', g.binary('Sub', input('x'), input('mean')), factor)
  return offset === undefined ? normalized : g.binary('Add', normalized, offset)
}

/** Normalisation with given statistics. */
export const normalizations: TranslationTable = { FusedBatchNorm: batchNorm }
