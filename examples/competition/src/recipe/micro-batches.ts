import { formatBytes } from '@kic/core'
import type { BatchPart } from '@kic/trainer'
import type { MemberRecipe, SizeName } from './members.ts'
import type { Workspace } from './workspace.ts'

/** Names of the kinds of training, each of which takes one amount of memory. */
export const maskingOf = (size: SizeName): string => `masking ${size}`
export const pairsOf = (size: SizeName): string => `pairs ${size}`
export const classesOf = ({
  size,
  head,
  level,
  fusion,
}: Pick<MemberRecipe, 'size' | 'head' | 'level' | 'fusion'>): string =>
  `classes ${size} ${head} ${level}${fusion === 'none' ? '' : ' fused'}`

type Known = Pick<Workspace, 'memory'>

/** A batch as micro-batches that fit into memory: an update takes as many rows as before. */
export const inParts = (
  { memory }: Known,
  kind: string,
  { batchSize, accumulation = 1 }: { readonly batchSize: number; readonly accumulation?: number },
): { readonly batchSize: number; readonly accumulation: number } => {
  const part: BatchPart = memory?.get(kind)?.part ?? { rows: batchSize, accumulation: 1 }
  return { batchSize: part.rows, accumulation: accumulation * part.accumulation }
}

/** Rows of a micro-batch in a stage's config; nothing where batches are whole, as without a limit. */
export const microBatchOf = ({ memory }: Known, kind: string): number | undefined => {
  const part = memory?.get(kind)?.part
  return part === undefined || part.accumulation === 1 ? undefined : part.rows
}

/** What a plan tells of a kind's memory. */
export const memoryNote = ({ memory }: Known, kind: string): string | undefined => {
  const found = memory?.get(kind)
  if (found === undefined) return undefined
  const { bytes, part } = found
  const parts = part.accumulation === 1 ? '' : `, in micro-batches of ${part.rows}`
  return `${formatBytes(bytes)} of memory${parts}`
}
