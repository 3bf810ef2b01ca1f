const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A number of bytes for people, in powers of 1,024 with three digits: '640 B', '1.34 GiB'. */
export const formatBytes = (bytes: number): string => {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${UNITS[power]}`
}
