// The end of a child on Windows, for a program that never returns to the event loop: the process object is waited for
// by asking it. Source: architecture, "Blocking" (own the reaping: GetExitCodeProcess).

import { koffi } from './koffi.ts';

const QUERY_LIMITED_INFORMATION = 0x1000;
const SYNCHRONIZE = 0x100000;
const WAIT_OBJECT_0 = 0;

type Handle = bigint;

interface Functions {
  readonly openProcess: (access: number, inherit: number, pid: number) => Handle | null;
  readonly waitForSingleObject: (handle: Handle, timeoutMs: number) => number;
  readonly getExitCodeProcess: (handle: Handle, code: Uint32Array) => number;
  readonly closeHandle: (handle: Handle) => number;
}

let functions: Functions | null = null;

function kernel32(): Functions {
  if (functions === null) {
    const library = koffi().load('kernel32.dll');
    functions = {
      openProcess: library.func('void *__stdcall OpenProcess(uint32_t access, int inherit, uint32_t pid)'),
      waitForSingleObject: library.func('uint32_t __stdcall WaitForSingleObject(void *handle, uint32_t timeoutMs)'),
      getExitCodeProcess: library.func('int __stdcall GetExitCodeProcess(void *handle, void *code)'),
      closeHandle: library.func('int __stdcall CloseHandle(void *handle)'),
    };
  }
  return functions;
}

/** A handle that keeps the process's status until `closeProcess`; null if there is no such process. */
export function openProcess(pid: number): Handle | null {
  return kernel32().openProcess(QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 0, pid);
}

/** The exit code of a process that has ended, else null. */
export function exitCodeOf(process: Handle): number | null {
  const { waitForSingleObject, getExitCodeProcess } = kernel32();
  if (waitForSingleObject(process, 0) !== WAIT_OBJECT_0) return null;
  const code = new Uint32Array(1);
  return getExitCodeProcess(process, code) !== 0 ? code[0] : 0;
}

export function closeProcess(process: Handle): void {
  kernel32().closeHandle(process);
}
