import type { ModelFiles } from './model-files.ts'

/** The source of a predictor: the folder of a model or an ensemble. */
export interface Source {
  readonly files: ModelFiles
  /** The ensemble's file in the folder, if the caller passed the file instead of the folder. */
  readonly ensemble?: string | undefined
}

/** A folder inside a folder. */
export const filesBelow = (files: ModelFiles, folder: string): ModelFiles => ({
  name: `${files.name.replace(/\/$/, '')}/${folder}`,
  read: (path) => files.read(`${folder}/${path}`),
  whyMissing: (path) => files.whyMissing?.(`${folder}/${path}`),
})

/** The same files; `file` is read only once. */
export const readOnce = (files: ModelFiles, file: string): ModelFiles => {
  let bytes: Promise<Uint8Array | undefined> | undefined
  const readFile = (): Promise<Uint8Array | undefined> => {
    bytes ??= files.read(file)
    return bytes
  }
  return {
    name: files.name,
    read: (path) => (path === file ? readFile() : files.read(path)),
    whyMissing: (path) => files.whyMissing?.(path),
  }
}

/**
 * A folder in which several paths may lead to one file, which is read once.
 *
 * @param places the path of the file behind each such path
 */
export const sharedFiles = (files: ModelFiles, places: Readonly<Record<string, string>>): ModelFiles => {
  const targets = new Map(Object.entries(places))
  const reads = new Map<string, Promise<Uint8Array | undefined>>()
  return {
    name: files.name,
    read: (path) => {
      const target = targets.get(path)
      if (target === undefined) return files.read(path)
      const reading = reads.get(target) ?? files.read(target)
      reads.set(target, reading)
      return reading
    },
    whyMissing: (path) => files.whyMissing?.(targets.get(path) ?? path),
  }
}
