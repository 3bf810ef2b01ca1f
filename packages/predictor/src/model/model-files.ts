import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'

/** A model's folder, wherever it is. */
export interface ModelFiles {
  /** The folder's name in errors. */
  readonly name: string
  /** The bytes of a file such as `onnx/model.onnx`; `undefined` if there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** After `read` found no file: the reason why it counts as missing, if there is more to say. */
  whyMissing?(path: string): string | undefined
}

/**
 * The folder at a URL, through `fetch`. Servers of single-page apps answer every unknown path with the page itself. A
 * page instead of a file counts as "not found".
 *
 * @throws KicError `predictor/fetch` if the server answers with anything but the file or "not found"
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
        throw new KicError<PredictorErrorCode>(
          'predictor/fetch',
          `loadPredictor: the server must answer with a file or 404, received ${response.status} ${response.statusText} for ${base}${path}. Check the URL and the server.`,
        )
      }
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (!isPage(bytes, response.headers.get('content-type') ?? '')) return bytes
      pages.add(path)
      return undefined
    },
    whyMissing: (path) =>
      pages.has(path)
        ? `the server answers ${base}${path} with an HTML page, as it does for unknown paths`
        : undefined,
  }
}

/** Whether bytes are HTML. No valid file of a model's folder starts with '<', but a broken file might. */
const isPage = (bytes: Uint8Array, contentType: string): boolean => {
  const head = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()
  return (
    /^<(!doctype html|html)\b/i.test(head) || (/^text\/html\b/i.test(contentType) && head.startsWith('<'))
  )
}

/** The addition to an error about missing files, if the reason is known. */
export const missingBecause = (files: ModelFiles, paths: readonly string[]): string => {
  const [reason] = paths.flatMap((path) => files.whyMissing?.(path) ?? [])
  return reason === undefined ? '' : `: ${reason}`
}

/**
 * A JSON file of a folder; `undefined` if there is none.
 *
 * @throws KicError `predictor/bad-json`
 */
export const readJson = async (files: ModelFiles, path: string): Promise<unknown> =>
  parseJson(files, path, await files.read(path))

/** The content of a JSON file that was read; `undefined` if there is none. */
export const parseJson = (files: ModelFiles, path: string, bytes: Uint8Array | undefined): unknown => {
  if (bytes === undefined) return undefined
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return json
  } catch (cause) {
    throw new KicError<PredictorErrorCode>(
      'predictor/bad-json',
      `loadPredictor: ${path} in ${files.name} must be JSON in UTF-8, received ${cause instanceof Error ? cause.message : String(cause)}. Copy the file from the original model.`,
      { cause },
    )
  }
}
