import { Controller, Sse, UseGuards, type MessageEvent } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

import { LocalRequestGuard } from './local-request.guard.js';
import { PageFeed } from './page-feed.service.js';

/** Server-sent events: one JSON object each. */
@Controller('stream')
@UseGuards(LocalRequestGuard)
export class StreamController {
  constructor(private readonly feed: PageFeed) {}

  @Sse()
  messages(): Observable<MessageEvent> {
    return this.feed.messages.pipe(map((data) => ({ data })));
  }
}
