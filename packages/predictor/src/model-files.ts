import { KicError } from '@kic/core'

/** A model's folder, wherever it lies. */
export interface ModelFiles {
  /** What the folder is called in errors. */
  readonly name: string
  /** The bytes of a file such as `onnx/model.onnx`; `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>
}

/**
 * The folder at a URL, by `fetch`.
 *
 * @throws KicError `predictor/fetch` where the server answers with anything but the file or "not found".
 */
export const filesAt = (url: string | URL): ModelFiles => {
  const base = String(url).endsWith('/') ? String(url) : `${url}/`
  return {
    name: base,
    read: async (path) => {
      const response = await fetch(`${base}${path}`)
      if (response.status === 404) return undefined
      if (!response.ok) {
        throw new KicError(
          'predictor/fetch',
          `loadPredictor: the server answered ${response.status} ${response.statusText} for ${base}${path}`,
        )
      }
      return new Uint8Array(await response.arrayBuffer())
    },
  }
}

/**
 * A JSON file of a folder; `undefined` where there is none.
 *
 * @throws KicError `predictor/bad-json`
 */
export const readJson = async (files: ModelFiles, path: string): Promise<unknown> => {
  const bytes = await files.read(path)
  if (bytes === undefined) return undefined
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return json
  } catch (cause) {
    throw new KicError(
      'predictor/bad-json',
      `loadPredictor: ${path} in ${files.name} must be JSON in UTF-8: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
