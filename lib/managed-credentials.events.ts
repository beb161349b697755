import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

import type { ManagedCredentialsEvent } from './core/events.js';

/** Where the core's events arrive: the scheduler, the log and the application read them from here. */
@Injectable()
export class ManagedCredentialsEvents {
  readonly #subject = new Subject<ManagedCredentialsEvent>();

  /** All events from now on; completes at shutdown. */
  get stream(): Observable<ManagedCredentialsEvent> {
    return this.#subject.asObservable();
  }

  /** Tells all readers. */
  emit(event: ManagedCredentialsEvent): void {
    this.#subject.next(event);
    if (event.type === 'closed') this.#subject.complete();
  }
}
