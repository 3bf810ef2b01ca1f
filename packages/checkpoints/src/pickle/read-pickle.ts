import { ByteCursor } from './byte-cursor.ts'
import { refused } from './pickle-error.ts'
import { describe, ofKind, type PickleStorage, type PickleTuple, type PickleValue } from './pickle-value.ts'
import { allowedGlobal, callGlobal, isSize, storageType } from './weight-globals.ts'

/** The most objects that a pickle may create: one byte of pickle can cost a hundred bytes of memory. */
const MAX_OBJECTS = 250_000
/** The most values on the stack; pickles fill containers with a thousand items at a time. */
const MAX_STACK = 10_000

/**
 * Reads one pickle of weights, as `torch.save` writes them (protocols 2 to 5), without running anything. Names of
 * Python objects must be on a short list, and the effects of the listed ones are reproduced here on plain data.
 *
 * Opcodes: CPython's Lib/pickletools.py. Names that weights need: torch/_utils.py and torch/serialization.py.
 *
 * @param bytes bytes that start with the pickle; the rest is ignored
 * @returns the value and the number of bytes read
 * @throws KicError `checkpoints/pickle-global` with the name that is not on the list, `checkpoints/pickle-opcode`,
 * `-damaged`, `-limit`
 */
export const readPickle = (bytes: Uint8Array): { readonly value: PickleValue; readonly length: number } => {
  const cursor = new ByteCursor(bytes)
  const machine = new PickleMachine(cursor)
  for (;;) {
    const at = cursor.position
    const opcode = cursor.u8()
    if (opcode === STOP) return { value: machine.pop(), length: cursor.position }
    const run = OPCODES.get(opcode)
    if (run === undefined) {
      throw refused(
        'opcode',
        `opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${at} is none that weights need. The file is damaged, or holds more than a state dict.`,
      )
    }
    run(machine, cursor)
  }
}

const STOP = 0x2e

/** Stack and memo of one pickle. */
class PickleMachine {
  #stack: PickleValue[] = []
  /** The values below each open mark. */
  readonly #below: PickleValue[][] = []
  readonly #memo = new Map<number, PickleValue>()
  readonly #cursor: ByteCursor
  #objects = 0
  #waiting = 0

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor
  }

  push(value: PickleValue): void {
    if (++this.#waiting > MAX_STACK) throw this.#limit(`more than ${MAX_STACK} values on the stack`)
    this.#stack.push(value)
  }

  /** Pushes a new object, counted. */
  make(value: PickleValue): void {
    if (++this.#objects > MAX_OBJECTS) throw this.#limit(`more than ${MAX_OBJECTS} objects`)
    this.push(value)
  }

  pop(): PickleValue {
    const value = this.#stack.pop()
    if (value === undefined) throw this.damaged('takes a value from an empty stack')
    this.#waiting--
    return value
  }

  top(): PickleValue {
    const value = this.#stack.at(-1)
    if (value === undefined) throw this.damaged('reads a value from an empty stack')
    return value
  }

  mark(): void {
    if (++this.#waiting > MAX_STACK) throw this.#limit(`more than ${MAX_STACK} marks on the stack`)
    this.#below.push(this.#stack)
    this.#stack = []
  }

  /** Everything above the last mark. */
  popMark(): PickleValue[] {
    const below = this.#below.pop()
    if (below === undefined) throw this.damaged('closes a mark that was never set')
    const items = this.#stack
    this.#stack = below
    this.#waiting -= items.length + 1
    return items
  }

  put(index: number): void {
    if (this.#memo.size >= MAX_OBJECTS) throw this.#limit(`more than ${MAX_OBJECTS} memos`)
    this.#memo.set(index, this.top())
  }

  memoize(): void {
    this.put(this.#memo.size)
  }

  get(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.damaged(`recalls ${index}, which was never stored`)
    this.push(value)
  }

  append(items: readonly PickleValue[]): void {
    const list = ofKind(this.top(), 'list')
    if (list === undefined) throw this.damaged(`appends to ${describe(this.top())}`)
    for (const item of items) list.items.push(item)
  }

  /** Keys and values in turn. */
  setItems(items: readonly PickleValue[]): void {
    const dict = ofKind(this.top(), 'dict')
    if (dict === undefined || items.length % 2 !== 0) {
      throw this.damaged(`sets ${items.length / 2} items of ${describe(this.top())}`)
    }
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = [items[i], items[i + 1]]
      if (key !== undefined && value !== undefined) dict.entries.push([key, value])
    }
  }

  damaged(what: string) {
    return refused('damaged', `the pickle ${what}, before byte ${this.#cursor.position}.`)
  }

  #limit(what: string) {
    return refused('limit', `the pickle makes ${what}; a state dict needs far less.`)
  }
}

type Run = (machine: PickleMachine, cursor: ByteCursor) => void

const tuple = (items: readonly PickleValue[]): PickleTuple => ({ kind: 'tuple', items })

/** The last values of the stack as a tuple, in the order in which they were pushed. */
const lastAsTuple =
  (count: number): Run =>
  (machine) =>
    machine.make(tuple(Array.from({ length: count }, () => machine.pop()).reverse()))

/** Attributes of a dict, such as `_metadata` of a state dict, are ignored; nothing else may be built. */
const build: Run = (machine) => {
  machine.pop()
  const target = machine.top()
  if (ofKind(target, 'dict') === undefined) throw machine.damaged(`sets the state of ${describe(target)}`)
}

/** `('storage', class, key, device, elements[, view])`: torch/serialization.py, `persistent_id`. */
const storage: Run = (machine) => {
  const id = ofKind(machine.pop(), 'tuple')?.items ?? []
  const [tag, type, key, , elements, view] = id
  const elementType = storageType(type)
  if (tag !== 'storage' || elementType === undefined || typeof key !== 'string' || !isSize(elements)) {
    throw machine.damaged(`refers to (${id.map(describe).join(', ')}), which is no storage`)
  }
  machine.make({ kind: 'storage', key, ...elementType, elements, ...part(machine, elements, view) })
}

/** In old files a storage may be a part of another: `(key, offset, elements)`. */
const part = (
  machine: PickleMachine,
  elements: number,
  view: PickleValue | undefined,
): Pick<PickleStorage, 'start' | 'length'> => {
  if (view === undefined || view === null) return { start: 0, length: elements }
  const [, start, length] = ofKind(view, 'tuple')?.items ?? []
  if (!isSize(start) || !isSize(length) || start + length > elements) {
    throw machine.damaged(`refers to a part of a storage that does not exist`)
  }
  return { start, length }
}

/** An integer in little-endian two's complement of any length. */
const longInteger = (bytes: Uint8Array): number | bigint => {
  let value = 0n
  for (const [i, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * i)
  const signed = BigInt.asIntN(8 * bytes.length, value)
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

const stackGlobal = (machine: PickleMachine) => {
  const name = machine.pop()
  const module = machine.pop()
  if (typeof name !== 'string' || typeof module !== 'string') {
    throw machine.damaged(`asks for ${describe(module)}.${describe(name)}, which is no name`)
  }
  return allowedGlobal(module, name)
}

const call: Run = (machine) => {
  const args = machine.pop()
  machine.make(callGlobal(machine.pop(), args))
}

const OPCODES: ReadonlyMap<number, Run> = new Map<number, Run>([
  [0x80, (_, cursor) => void cursor.u8()], // PROTO
  [0x95, (_, cursor) => void cursor.bytes(8)], // FRAME
  [0x28, (machine) => machine.mark()], // MARK
  [0x30, (machine) => void machine.pop()], // POP
  [0x31, (machine) => void machine.popMark()], // POP_MARK
  [0x4e, (machine) => machine.push(null)], // NONE
  [0x88, (machine) => machine.push(true)], // NEWTRUE
  [0x89, (machine) => machine.push(false)], // NEWFALSE
  [0x4a, (machine, cursor) => machine.push(cursor.i32())], // BININT
  [0x4b, (machine, cursor) => machine.push(cursor.u8())], // BININT1
  [0x4d, (machine, cursor) => machine.push(cursor.u16())], // BININT2
  [0x47, (machine, cursor) => machine.push(cursor.f64())], // BINFLOAT
  [0x8a, (machine, cursor) => machine.push(longInteger(cursor.bytes(cursor.u8())))], // LONG1
  [0x58, (machine, cursor) => machine.make(cursor.utf8(cursor.u32()))], // BINUNICODE
  [0x8c, (machine, cursor) => machine.make(cursor.utf8(cursor.u8()))], // SHORT_BINUNICODE
  [0x8d, (machine, cursor) => machine.make(cursor.utf8(cursor.u64()))], // BINUNICODE8
  [0x55, (machine, cursor) => machine.make(latin1(cursor.bytes(cursor.u8())))], // SHORT_BINSTRING
  [0x42, (machine, cursor) => machine.make(cursor.bytes(cursor.u32()))], // BINBYTES
  [0x43, (machine, cursor) => machine.make(cursor.bytes(cursor.u8()))], // SHORT_BINBYTES
  [0x29, (machine) => machine.make(tuple([]))], // EMPTY_TUPLE
  [0x85, lastAsTuple(1)], // TUPLE1
  [0x86, lastAsTuple(2)], // TUPLE2
  [0x87, lastAsTuple(3)], // TUPLE3
  [0x74, (machine) => machine.make(tuple(machine.popMark()))], // TUPLE
  [0x5d, (machine) => machine.make({ kind: 'list', items: [] })], // EMPTY_LIST
  [0x61, (machine) => machine.append([machine.pop()])], // APPEND
  [0x65, (machine) => machine.append(machine.popMark())], // APPENDS
  [0x7d, (machine) => machine.make({ kind: 'dict', entries: [] })], // EMPTY_DICT
  [0x73, (machine) => machine.setItems([machine.pop(), machine.pop()].reverse())], // SETITEM
  [0x75, (machine) => machine.setItems(machine.popMark())], // SETITEMS
  [0x71, (machine, cursor) => machine.put(cursor.u8())], // BINPUT
  [0x72, (machine, cursor) => machine.put(cursor.u32())], // LONG_BINPUT
  [0x94, (machine) => machine.memoize()], // MEMOIZE
  [0x68, (machine, cursor) => machine.get(cursor.u8())], // BINGET
  [0x6a, (machine, cursor) => machine.get(cursor.u32())], // LONG_BINGET
  [0x63, (machine, cursor) => machine.make(allowedGlobal(cursor.line(), cursor.line()))], // GLOBAL
  [0x93, (machine) => machine.make(stackGlobal(machine))], // STACK_GLOBAL
  [0x69, (_, cursor) => void allowedGlobal(cursor.line(), `${cursor.line()} (as an instance)`)], // INST, always refused
  [0x52, call], // REDUCE
  [0x51, storage], // BINPERSID
  [0x62, build], // BUILD
])
