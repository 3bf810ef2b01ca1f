import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { TrainerErrorCode } from '../error-code.ts'

export interface WeightAverageOptions {
  /** Share of the old average that each update keeps, such as 0.999. */
  readonly decay: number
  /** Rises to `decay` as `(1 + step) / (10 + step)`, which forgets the start quickly; default true. */
  readonly warmup?: boolean | undefined
}

/** Exponential moving average of weights (Polyak & Juditsky 1992). Owns its arrays. */
export class WeightAverage {
  readonly #options: WeightAverageOptions
  readonly #averages = new Map<string, HostTensor & { readonly data: Float32Array }>()

  /** @throws KicError `trainer/ema` for a decay outside 0 to 1. */
  constructor(options: WeightAverageOptions, initial: HostTensors, averaged: (name: string) => boolean) {
    if (!(options.decay >= 0 && options.decay < 1)) {
      throw new KicError<TrainerErrorCode>(
        'trainer/ema',
        `WeightAverage: decay must be at least 0 and below 1, received ${options.decay}. Correct it.`,
      )
    }
    this.#options = options
    for (const [name, tensor] of Object.entries(initial)) {
      if (tensor.data instanceof Float32Array && averaged(name)) {
        this.#averages.set(name, { ...tensor, data: tensor.data.slice() })
      }
    }
  }

  /** The share of the old averages that update number `step`, from 1, keeps. */
  kept(step: number): number {
    const { decay, warmup = true } = this.#options
    return warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay
  }

  /** Adds the weights after update number `step`, from 1. */
  update(params: HostTensors, step: number): void {
    const kept = this.kept(step)
    for (const [name, { data }] of this.#averages) {
      const now = params[name]?.data
      if (now === undefined) continue
      for (let i = 0; i < data.length; i++) data[i] = kept * defined(data[i]) + (1 - kept) * defined(now[i])
    }
  }

  /** The averages alone, as live arrays. */
  tensors(): HostTensors {
    return Object.fromEntries(this.#averages)
  }

  /** All parameters, with averages in place of the averaged ones, as live arrays. */
  applied(params: HostTensors): HostTensors {
    return { ...params, ...this.tensors() }
  }

  /** @throws KicError `trainer/ema` if an average is missing or has another size. */
  restore(tensors: HostTensors): void {
    for (const [name, { data }] of this.#averages) {
      const saved = tensors[name]?.data
      if (saved?.length !== data.length) {
        throw new KicError<TrainerErrorCode>(
          'trainer/ema',
          `WeightAverage.restore: every averaged parameter needs an average of its size, received none for "${name}". Use the checkpoint of the same model.`,
        )
      }
      data.set(saved)
    }
  }
}
