using Eos.Kv;
using Eos.Tests.Support;
using Eos.Wire;

namespace Eos.Tests.Golden;

public class WireContractTests
{
    [Fact]
    public void The_fields_of_every_message_are_those_of_the_contract() =>
        RepositoryFile.MustEqual("Eos.Actors/Wire/wire.contract.txt", WireContract.Of(Manifests.All));

    /// <summary>Each line: manifest, bytes in hexadecimal. Lines are added, never changed.</summary>
    [Fact]
    public void Every_event_ever_shipped_can_be_read()
    {
        var stored = Manifests.All.Where(m => m.Name.Contains(".e.", StringComparison.Ordinal) || m.Name.EndsWith("snapshot", StringComparison.Ordinal))
            .Where(m => !KvWire.Manifests.Contains(m));
        RepositoryFile.MustEqual(
            "Eos.Tests/Golden/stored.txt",
            string.Concat(stored.Select(m => $"{m.Name} {Convert.ToHexStringLower(m.Encode(Samples.Of(m.Type, new Random(42))))}\n")));
        foreach (var line in File.ReadAllLines(RepositoryFile.Path("Eos.Tests/Golden/stored.txt")))
        {
            var (name, bytes) = (line[..line.IndexOf(' ')], Convert.FromHexString(line[(line.IndexOf(' ') + 1)..]));
            var manifest = Manifests.Named(name);
            Assert.NotNull(manifest);
            Assert.Equal(bytes, manifest.Encode(manifest.Decode(bytes)));
        }
    }
}
