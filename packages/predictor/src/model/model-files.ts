import { KicError } from '@kic/core'

/** A model's folder, wherever it lies. */
export interface ModelFiles {
  /** What the folder is called in errors. */
  readonly name: string
  /** The bytes of a file such as `onnx/model.onnx`; `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Once `read` has found none: why a file counts as absent, where there is more to say than that. */
  whyMissing?(path: string): string | undefined
}

/**
 * The folder at a URL, by `fetch`. Servers of single-page apps answer every path that they do not have with the page
 * itself: a page in place of a file counts as "not found".
 *
 * @throws KicError `predictor/fetch` where the server answers with anything but the file or "not found".
 */
export const filesAt = (url: string | URL): ModelFiles => {
  const base = String(url).endsWith('/') ? String(url) : `${url}/`
  const pages = new Set<string>()
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
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (!isPage(bytes, response.headers.get('content-type') ?? '')) return bytes
      pages.add(path)
      return undefined
    },
    whyMissing: (path) =>
      pages.has(path)
        ? `the server answers ${base}${path} with an HTML page, as it does for paths that it does not have`
        : undefined,
  }
}

/** Whether bytes are HTML. Nothing that a model's folder holds begins with '<', but a broken file might. */
const isPage = (bytes: Uint8Array, contentType: string): boolean => {
  const head = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()
  return (
    /^<(!doctype html|html)\b/i.test(head) || (/^text\/html\b/i.test(contentType) && head.startsWith('<'))
  )
}

/** What an error says behind "there is no such file": where one knows more than that, what it is. */
export const missingBecause = (files: ModelFiles, paths: readonly string[]): string => {
  const [reason] = paths.flatMap((path) => files.whyMissing?.(path) ?? [])
  return reason === undefined ? '' : `: ${reason}`
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
