/** A `ProgressOutput` that says nothing. */
export const silentOutput = {
  say: (): undefined => undefined,
  counting: () => ({ update: (): undefined => undefined, end: (): undefined => undefined }),
  training: (): readonly never[] => [],
}
