import { Module, type DynamicModule } from '@nestjs/common';

import { AppModule } from '../app.module.js';
import { Cloud } from '../cloud/cloud.js';
import { ActionsController } from './actions.controller.js';
import { PageFeed } from './page-feed.service.js';
import { StreamController } from './stream.controller.js';

/** The application, and a page that watches it. */
@Module({})
export class LivePageModule {
  static forRoot(cloud: Cloud): DynamicModule {
    return {
      module: LivePageModule,
      imports: [AppModule],
      controllers: [StreamController, ActionsController],
      providers: [PageFeed, { provide: Cloud, useValue: cloud }],
    };
  }
}
