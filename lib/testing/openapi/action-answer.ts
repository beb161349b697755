/**
 * What an action answers when it is not JSON, such as a stream of events:
 * `new ActionAnswer('text/event-stream', 'data: one\n\ndata: two\n\n')`.
 */
export class ActionAnswer {
  /**
   * @param contentType the header Content-Type
   * @param body sent as it is
   */
  constructor(
    readonly contentType: string,
    readonly body: string | Buffer,
  ) {}
}
