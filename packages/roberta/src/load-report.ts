/** What became of a checkpoint's tensors and of a model's parameters. */
export interface LoadReport {
  /** The folder that was read. */
  readonly folder: string
  /** The files that its weights are in. */
  readonly files: readonly string[]
  /** Parameters that were read. */
  readonly loaded: readonly string[]
  /** Parameters that are fresh: the checkpoint lacks them, or they were to be. */
  readonly missing: readonly string[]
  /** Tensors of the checkpoint that the model does not use, by their names there. */
  readonly unexpected: readonly string[]
  /** Buffers of the checkpoint, such as position ids: the model computes them itself. */
  readonly buffers: readonly string[]
  /** Renamings that were needed. */
  readonly renamings: readonly string[]
  /** The vocabulary before and after, where it was resized. */
  readonly resized?: { readonly from: number; readonly to: number }
}

/** The report for people, one line for each thing that happened. */
export const formatLoadReport = (report: LoadReport): string => {
  const { folder, files, loaded, missing, unexpected, renamings, resized } = report
  return [
    `${loaded.length} parameters loaded from ${folder} (${files.join(', ')})`,
    ...renamings.map((rule) => `renamed: ${rule}`),
    ...(resized ? [`vocabulary resized from ${resized.from} to ${resized.to} tokens`] : []),
    ...(missing.length > 0 ? [`${missing.length} fresh, to be trained: ${listed(missing)}`] : []),
    ...(unexpected.length > 0
      ? [`${unexpected.length} of the checkpoint unused: ${listed(unexpected)}`]
      : []),
  ].join('\n')
}

const SHOWN = 8

const listed = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
