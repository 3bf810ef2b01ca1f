/** The use of a checkpoint's tensors, and the sources of a model's parameters. */
export interface LoadReport {
  /** The folder that was read. */
  readonly folder: string
  /** The files of its weights. */
  readonly files: readonly string[]
  /** Parameters that were read. */
  readonly loaded: readonly string[]
  /** Fresh parameters: those that the checkpoint lacks, and those declared fresh. */
  readonly missing: readonly string[]
  /** Tensors of the checkpoint that the model does not use, by their names there. */
  readonly unexpected: readonly string[]
  /** Buffers of the checkpoint, such as position ids: the model computes them itself. */
  readonly buffers: readonly string[]
  /** Renamings that were needed. */
  readonly renamings: readonly string[]
  /** The vocabulary before and after resizing, if it was resized. */
  readonly resized?: { readonly from: number; readonly to: number } | undefined
}

/** The report for people, one line per event. */
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
