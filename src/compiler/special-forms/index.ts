// All special forms by name.

import { BASIC_FORMS } from './basic.ts';
import { BINDING_FORMS } from './binding.ts';
import { CONDITIONAL_FORMS } from './conditionals.ts';
import { CONTROL_FORMS } from './control.ts';
import type { SpecialFormTable } from './handler.ts';
import { HELP_FORMS } from './help.ts';
import { QUASIQUOTE_FORMS } from './quasiquote.ts';
import { R7RS_FORMS } from './r7rs.ts';

export const SPECIAL_FORMS: SpecialFormTable = {
  ...BASIC_FORMS,
  ...BINDING_FORMS,
  ...CONDITIONAL_FORMS,
  ...QUASIQUOTE_FORMS,
  ...CONTROL_FORMS,
  ...R7RS_FORMS,
  ...HELP_FORMS,
};
