import { filesAt, type ModelFiles } from '@kic/predictor'

/** A model that belongs to the page. */
export interface PageModel {
  /** The URL of its folder. */
  readonly url: string
  readonly paths: readonly string[]
}

/** A folder on the visitor's computer, by the paths of its files. */
export interface VisitorFolder {
  readonly name: string
  readonly files: ReadonlyMap<string, Blob>
}

export type ModelSource = PageModel | VisitorFolder

/** The files of a model. Only those that exist are asked for. */
export const filesOf = (source: ModelSource): ModelFiles => {
  if ('files' in source) {
    return {
      name: source.name,
      read: async (path) => {
        const file = source.files.get(path)
        return file === undefined ? undefined : new Uint8Array(await file.arrayBuffer())
      },
    }
  }
  const files = filesAt(source.url)
  const paths = new Set(source.paths)
  return { ...files, read: async (path) => (paths.has(path) ? files.read(path) : undefined) }
}
