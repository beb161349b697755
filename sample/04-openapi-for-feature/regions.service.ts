import EcsClient, { DescribeRegionsRequest } from '@alicloud/ecs20140526';
import { Injectable } from '@nestjs/common';
import { InjectOpenApiClient } from 'nestjs-aliyun-managed-credentials/openapi';

/** A client of ECS as its package exports it to an ES module. */
type Ecs = InstanceType<typeof EcsClient.default>;

@Injectable()
export class RegionsService {
  constructor(@InjectOpenApiClient('ecs-operator') private readonly ecs: Ecs) {}

  /** Asks ECS for its regions; gives the id of the request. */
  async describe(): Promise<string> {
    const { body } = await this.ecs.describeRegions(new DescribeRegionsRequest({ acceptLanguage: 'en-US' }));
    return body?.requestId ?? 'no id';
  }
}
