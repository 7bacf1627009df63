using Eos.Fst;

namespace Eos.Tests.Unit.Fst;

public sealed class CapabilityKeyTextTests
{
    [Fact]
    public void Keys_are_read_as_they_were_written()
    {
        var keys = CapabilityKeyText.Next(CapabilityKeyText.Next(null));
        var read = CapabilityKeyText.Read(CapabilityKeyText.Write(keys))!;
        Assert.Equal(keys.Current.Secret.ToArray(), read.Find(2)!.Secret.ToArray());
        Assert.Equal(keys.Previous!.Secret.ToArray(), read.Find(1)!.Secret.ToArray());
    }

    [Fact]
    public void After_a_change_the_key_before_still_opens_and_the_one_before_that_does_not()
    {
        var first = CapabilityKeyText.Next(null);
        var third = CapabilityKeyText.Next(CapabilityKeyText.Next(first));
        Assert.Equal(3u, third.Current.Id);
        Assert.NotNull(third.Find(2));
        Assert.Null(third.Find(first.Current.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 abc")]
    [InlineData("x 0000000000000000000000000000000000000000000000000000000000000000")]
    public void Damaged_keys_are_not_read(string text) => Assert.Null(CapabilityKeyText.Read(text));
}
