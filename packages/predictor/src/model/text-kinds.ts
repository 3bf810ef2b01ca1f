import type { Script } from './script.ts'

/** The texts that a model takes, judged by their letters. */
export interface AcceptedTexts {
  /** The script of the training texts; `undefined` if the model takes any script. */
  readonly script: Script | undefined
  /** Whether the model takes texts without letters, such as emoji and amounts. Default false. */
  readonly letterless?: boolean | undefined
}
