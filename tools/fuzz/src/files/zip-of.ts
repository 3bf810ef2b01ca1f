import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** An archive of these parts, by path, packed. */
export const zipOf = (parts: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> => {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  return buffer(zip.outputStream)
}
