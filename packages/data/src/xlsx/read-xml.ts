import { SaxesParser } from 'saxes'

/** Handlers for the pieces of a document; names have no prefixes. */
export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

/** Longest text, attribute or comment in characters; no spreadsheet cell has more than 32,767. */
const longestPiece = 1 << 22

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The text of XML bytes: UTF-8, or UTF-16 by its byte order mark. */
const decoderOf = (first: Uint8Array): TextDecoder => {
  const utf16 =
    first[0] === 0xff && first[1] === 0xfe
      ? 'utf-16le'
      : first[0] === 0xfe && first[1] === 0xff
        ? 'utf-16be'
        : undefined
  return new TextDecoder(utf16 ?? 'utf-8', { fatal: true })
}

/**
 * Reads XML as a stream through `saxes` and yields after each piece. Entities beyond XML's own are errors, and so is a
 * document type, so nothing is fetched or expanded.
 *
 * @throws Error if the XML is not well formed
 */
export async function* readXml(
  bytes: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  let quiet = 0
  const heard = (): void => {
    quiet = 0
  }
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('it has a document type, which a workbook must not have')
  })
  parser.on('opentag', ({ name, attributes }) => {
    heard()
    handlers.open(localName(name), attributes)
  })
  const { text, close } = handlers
  if (text !== undefined) {
    parser.on('text', text)
    parser.on('cdata', text)
  }
  parser.on('closetag', ({ name }) => {
    heard()
    close?.(localName(name))
  })
  let decoder: TextDecoder | undefined
  for await (const piece of bytes) {
    decoder ??= decoderOf(piece)
    const written = decoder.decode(piece, { stream: true })
    quiet += written.length
    parser.write(written)
    if (quiet > longestPiece) throw new Error(`a text or attribute is longer than ${longestPiece} characters`)
    yield
  }
  parser.write(decoder?.decode() ?? '')
  parser.close()
  yield
}

/** Reads a whole document. */
export const readAllXml = async (bytes: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> => {
  for await (const _ of readXml(bytes, handlers));
}
