/** A batch in equal parts, whose gradients are added up before the update. */
export interface BatchPart {
  /** Rows of a part. */
  readonly rows: number
  /** Number of parts; their rows make up the batch. */
  readonly accumulation: number
}

/**
 * The largest equal parts of a batch that fit into memory; `undefined` if not even parts of one row do.
 *
 * @param bytesOf what a step of such parts takes
 * @param budget in bytes
 */
export const fittingMicroBatch = (
  batchSize: number,
  bytesOf: (part: BatchPart) => number,
  budget: number,
): BatchPart | undefined => {
  for (let accumulation = 1; accumulation <= batchSize; accumulation++) {
    const part = { rows: batchSize / accumulation, accumulation }
    if (Number.isInteger(part.rows) && bytesOf(part) <= budget) return part
  }
  return undefined
}
