/** Lets a command say how it ended. */
export type Finish = (exitCode: number) => void
