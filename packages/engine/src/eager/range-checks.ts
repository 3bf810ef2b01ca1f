import type { HostTensors } from '@kic/safetensors'
import type * as tf from '@tensorflow/tfjs'
import { listen } from '../declarations.ts'
import { checkRange, type RowName } from '../range-rule.ts'

/**
 * The result of `body`. Each range that it declares is checked immediately: a feed, even reshaped, as it was given;
 * other tensors after reading them.
 *
 * @param inputs the tensors of the feeds
 * @throws KicError `engine/out-of-range`
 */
export const withRangeChecks = <T>(
  caller: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  feeds: HostTensors,
  rowName: RowName | undefined,
  body: () => T,
): T => {
  const names = new Map(Object.entries(inputs).map(([name, { dataId }]) => [dataId, name]))
  return listen(
    {
      range: (tensor, rule) => {
        // Reshaped tensors share their elements.
        const name = names.get(tensor.dataId)
        const feed = name === undefined ? undefined : feeds[name]
        if (name !== undefined && feed !== undefined) return checkRange(caller, name, feed, rule, rowName)
        const { shape } = tensor
        checkRange(caller, `a computed ${rule.what}`, { data: tensor.dataSync(), shape }, rule, rowName)
      },
    },
    body,
  )
}
