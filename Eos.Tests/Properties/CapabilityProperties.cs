using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Tests.Properties;

public class CapabilityProperties
{
    private static readonly Instant Now = new(1_700_000_000_000_000_000);
    private static readonly CapabilityKey Old = new(7, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly CapabilityKey Young = new(8, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);
    private static readonly CapabilityKeys Keys = new(Young, Old);

    [Fact]
    public void What_is_signed_is_what_is_opened()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var capability = Any(new Random(seed));
            foreach (var key in new[] { Old, Young })
            {
                var check = SignedCapability.Open(SignedCapability.Sign(capability, key), Keys, Now);
                Assert.Null(check.Refusal);
                Assert.Equal(capability, check.Capability);
            }
        }
    }

    [Fact]
    public void Any_changed_lost_or_added_character_is_refused()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=%/+ ~";
        var random = new Random(5);
        for (var seed = 0; seed < 20; seed++)
        {
            var text = SignedCapability.Sign(Any(random), Young);
            for (var i = 0; i < text.Length; i++)
            {
                var other = alphabet[random.Next(alphabet.Length)];
                if (other != text[i]) Refused(text[..i] + other + text[(i + 1)..]);
                Refused(text[..i] + (char)(text[i] ^ 1 << random.Next(0, 8)) + text[(i + 1)..]);
                Refused(text.Remove(i, 1));
                Refused(text.Insert(i, other.ToString()));
            }
        }

        void Refused(string forged) => Assert.Equal(Errno.NotPermitted, SignedCapability.Open(forged, Keys, Now).Refusal?.Why);
    }

    [Fact]
    public void Garbage_is_refused_and_never_throws()
    {
        var random = new Random(6);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            var text = i % 2 == 0 ? Convert.ToBase64String(bytes) : new string([.. bytes.Select(b => (char)b)]);
            Assert.NotNull(SignedCapability.Open(i % 3 == 0 ? $"8.{text}.{text}" : text, Keys, Now).Refusal);
        }
    }

    [Fact]
    public void It_ends_when_it_says()
    {
        var capability = Any(new Random(9));
        var text = SignedCapability.Sign(capability, Young);
        Assert.NotNull(SignedCapability.Open(text, Keys, new Instant(capability.Grant.Expires.Nanoseconds - 1)).Capability);
        Assert.Equal(Errno.KeyExpired, SignedCapability.Open(text, Keys, capability.Grant.Expires).Refusal?.Why);
    }

    [Fact]
    public void A_key_that_has_been_replaced_twice_opens_nothing()
    {
        var text = SignedCapability.Sign(Any(new Random(10)), Old);
        var third = new CapabilityKey(9, [.. Enumerable.Repeat((byte)3, 32)]);
        Assert.Equal(Errno.NotPermitted, SignedCapability.Open(text, new CapabilityKeys(third, Young), Now).Refusal?.Why);
    }

    [Fact]
    public void It_serves_only_its_operation_on_its_filesystems()
    {
        var capability = Any(new Random(11)) with { Operation = CapabilityOperation.Read, Places = [new ReplicaPlace(new FsId(3), "a", 1), new ReplicaPlace(new FsId(5), "b", 2)] };
        var text = SignedCapability.Sign(capability, Young);
        Assert.NotNull(SignedCapability.Check(text, Keys, Now, CapabilityOperation.Read, new FsId(5)).Capability);
        Assert.Equal(Errno.AccessDenied, SignedCapability.Check(text, Keys, Now, CapabilityOperation.Write, new FsId(5)).Refusal?.Why);
        Assert.Equal(Errno.AccessDenied, SignedCapability.Check(text, Keys, Now, CapabilityOperation.Read, new FsId(4)).Refusal?.Why);
        Assert.Equal(Errno.NotPermitted, SignedCapability.Check(null, Keys, Now, CapabilityOperation.Read, new FsId(5)).Refusal?.Why);
    }

    [Fact]
    public void It_needs_no_escaping_in_a_URL()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var text = SignedCapability.Sign(Any(new Random(seed)), Young);
            Assert.Equal(text, Uri.EscapeDataString(text));
        }
    }

    private static Capability Any(Random random) => new(
        (CapabilityOperation)random.Next(1, 4),
        new OpenId(new OpId(random.Next(3) == 0 ? Guid.Empty : new Guid(Number(random).ToString("x32")), Number(random))),
        new FileId(Number(random)),
        new DirectoryId(Number(random)),
        string.Concat(Enumerable.Repeat("/a é\t", random.Next(0, 20))),
        [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new ReplicaPlace(new FsId((uint)random.Next(1, 65535)), "höst", random.Next(65536)))],
        new CapabilityContent(
            new LayoutId((uint)random.NextInt64(0, uint.MaxValue)),
            new Checksum((ChecksumType)random.Next(1, 10), random.Next(2) == 0 ? "" : "0a1b2c3d"),
            random.Next(3) switch { 0 => null, 1 => 0, _ => Number(random) },
            Number(random),
            Number(random),
            Number(random)),
        new CapabilityGrant((uint)random.Next(), (uint)random.Next(), Now + TimeSpan.FromSeconds(random.Next(1, 100_000))));

    private static ulong Number(Random random) => random.Next(3) switch { 0 => 0, 1 => (ulong)random.Next(), _ => (ulong)random.NextInt64() << 1 };
}
