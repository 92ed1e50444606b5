/** The rule in use. */
import { Option, Rule } from '../abi/codes';
import { integer } from '../memory/options';
import { adam } from './adam';
import { Next } from './contract';
import { momentum } from './momentum';
import { nlr } from './nlr';
import { nlrGuarded } from './nlr-guarded';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';

/** What the configured rule wants next, at a stage of its step. */
export function nextOf(stage: i32): Next {
  switch (integer(Option.Rule)) {
    case Rule.Nlr:
      return nlr(stage);
    case Rule.NlrGuarded:
      return nlrGuarded(stage);
    case Rule.Sgd:
      return sgd(stage);
    case Rule.Momentum:
      return momentum(stage);
    case Rule.RmsProp:
      return rmsprop(stage);
    default:
      return adam(stage);
  }
}
