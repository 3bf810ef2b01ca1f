import type { AncestorLevel } from '@kic/classification'
import type { Head } from '@kic/nn'
import type { RobertaConfig } from '@kic/roberta'
import { type FusedClassifier, hierarchicalFusion } from './hierarchical-fusion.ts'
import { robertaLevel } from './roberta-level.ts'

/** A level's name, and the config of its encoder, with the classes of the level. */
export interface RobertaLevel {
  readonly level: string
  readonly config: RobertaConfig
}

/** Two RoBERTa encoders to fuse. */
export interface RobertaFusion {
  /** The level that is predicted, whose encoder is trained. */
  readonly present: RobertaLevel
  /** The coarser level, whose encoder is frozen. */
  readonly previous: RobertaLevel
}

/**
 * Hierarchical fusion of two RoBERTa encoders.
 *
 * @param above the previous level, seen from the classes of the present one; where given, classes are checked by it
 * @throws KicError as `hierarchicalFusion`
 */
export const robertaFusion = (
  { present, previous }: RobertaFusion,
  head: Head<RobertaConfig>,
  above?: AncestorLevel,
): FusedClassifier<RobertaConfig> =>
  hierarchicalFusion({
    config: present.config,
    head,
    previous: robertaLevel(previous.level, previous.config),
    present: robertaLevel(present.level, present.config),
    above,
  })
