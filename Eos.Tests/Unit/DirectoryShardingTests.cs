using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit;

public class DirectoryShardingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 256)]
    [InlineData(123_456_789, 256)]
    [InlineData(ulong.MaxValue, 65_536)]
    public void The_shard_of_stored_events_is_that_of_their_directory(ulong id, int shards)
    {
        var directory = new DirectoryId(id);
        Assert.Equal(
            (DirectorySharding.TypeName, new DirectoryExtractor(shards).ShardId(directory.ToString())),
            DirectorySharding.ShardOf(DirectorySharding.PersistenceIdOf(directory), shards));
    }

    [Fact]
    public void The_numbers_have_a_shard_of_their_own() =>
        Assert.Equal((IdAllocator.Name, new IdExtractor().ShardId(IdAllocator.Name)), DirectorySharding.ShardOf(IdAllocator.Name, 256));

    [Theory]
    [InlineData("/system/sharding/dirCoordinator/singleton/coordinator")]
    [InlineData("dir-")]
    [InlineData("dir-xyz")]
    [InlineData("fst-1")]
    public void What_is_not_of_the_namespace_has_none(string id) => Assert.Null(DirectorySharding.ShardOf(id, 256));
}
