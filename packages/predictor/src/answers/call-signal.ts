/** What a call needs of its `AbortSignal`. A server, which needs one for each request, has a lighter one. */
export interface CallSignal {
  readonly aborted: boolean
  readonly reason: unknown
  /** @throws the reason, once it is aborted */
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
