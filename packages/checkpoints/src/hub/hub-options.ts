import { getHFHubCachePath } from '@huggingface/hub'
import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'

/** The progress of a download. */
export interface DownloadProgress {
  readonly file: string
  /** Bytes of this file on disk, and its size. */
  readonly received: number
  readonly size: number
  /** The same over all files of the model. */
  readonly totalReceived: number
  readonly totalSize: number
}

export interface HubOptions {
  /** Branch, tag or commit; default `main`. */
  readonly revision?: string | undefined
  /** Default: as in Python, `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or `~/.cache/huggingface/hub`. */
  readonly cacheDir?: string | undefined
  /** Uses only the cache and opens no connection; default: whether `HF_HUB_OFFLINE` is 1. */
  readonly offline?: boolean | undefined
  /** Whether to refuse a model without tokenizer files before any download; default false. */
  readonly tokenizer?: boolean | undefined
  /** Access token for private and gated models; default: `HF_TOKEN`. */
  readonly token?: string | undefined
  /** Default: `HF_ENDPOINT`, or https://huggingface.co. */
  readonly hubUrl?: string | undefined
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Number of consecutive retries of a failing request; an attempt that received bytes resets the count. Default 5. */
  readonly retries?: number | undefined
  /** Milliseconds before the first retry, doubled for each further one up to half a minute; default 500. */
  readonly retryDelay?: number | undefined
  /** Milliseconds without a byte after which a connection is abandoned; default 30 000. */
  readonly stallTimeout?: number | undefined
}

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The options, completed from defaults and the environment. */
export interface HubSettings extends Complete<Omit<HubOptions, 'tokenizer' | 'token' | 'onProgress'>> {
  readonly tokenizer: boolean
  readonly token: string | undefined
  readonly onProgress: (progress: DownloadProgress) => void
}

/**
 * Completes the options.
 *
 * @throws KicError `checkpoints/hub-revision`, `checkpoints/hub-token`
 */
export const hubSettings = (options: HubOptions): HubSettings => {
  const { env } = process
  const revision = options.revision ?? 'main'
  if (!/^\w[\w./-]*$/.test(revision) || revision.includes('..')) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/hub-revision',
      `resolveModel: ${JSON.stringify(revision)} is no branch, tag or commit.`,
    )
  }
  const token = options.token ?? (env.HF_TOKEN || undefined)
  if (token !== undefined && !token.startsWith('hf_')) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/hub-token',
      'resolveModel: the access token (option token, or HF_TOKEN) does not begin with hf_. Make one at https://huggingface.co/settings/tokens.',
    )
  }
  return {
    revision,
    cacheDir: options.cacheDir ?? getHFHubCachePath(),
    offline: options.offline ?? /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? ''),
    tokenizer: options.tokenizer ?? false,
    token,
    hubUrl: (options.hubUrl ?? (env.HF_ENDPOINT || 'https://huggingface.co')).replace(/\/+$/, ''),
    onProgress: options.onProgress ?? (() => {}),
    retries: options.retries ?? 5,
    retryDelay: options.retryDelay ?? 500,
    stallTimeout: options.stallTimeout ?? 30_000,
  }
}
