/** Whether a line is measured, by its config and engine. */
export type BenchFilter = (config: string, engine: string) => boolean

/** Wants lines in which every one of these words occurs. */
export const benchFilter = (words: readonly string[]): BenchFilter => {
  return (config, engine) => words.every((word) => `${config} ${engine}`.includes(word))
}
