/** Whether a request's body is one text of an accepted length and nothing else: most are, and need no schema to be read. */
export const isTextAlone = (body: unknown, maxTextLength: number): body is { readonly text: string } => {
  if (typeof body !== 'object' || body === null || !('text' in body)) return false
  const { text } = body
  return typeof text === 'string' && text.length <= maxTextLength && Object.keys(body).length === 1
}
