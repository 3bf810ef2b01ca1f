import { join } from 'node:path'

/** Where a model is built. */
export interface BuildPlaces {
  /** What was trained, which stays for the next time. */
  readonly parts: string
  /** The published folder. */
  readonly model: string
}

const root = join(import.meta.dirname, '../../..')

export const placesOf = (name: 'mini' | 'base'): BuildPlaces => ({
  parts: join(root, `runs/model-${name}`),
  model: join(root, `packages/model-${name}/model`),
})
