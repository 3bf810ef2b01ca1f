import type { ScheduleConfig } from '@kic/trainer'

/** Learning rates of every classifier of this example: a tenth of warm-up, then linear decay. */
export const FINE_TUNING_SCHEDULE: ScheduleConfig = { kind: 'linear', warmupRatio: 0.1 }
