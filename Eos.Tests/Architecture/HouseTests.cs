namespace Eos.Tests.Architecture;

public class HouseTests
{
    [Fact]
    public void The_actor_library_carries_its_reference_configuration()
    {
        var names = System.Reflection.Assembly.Load("Eos.Actors").GetManifestResourceNames();
        Assert.Contains("eos.reference.conf", names);
        Assert.Contains("akka.conf", names);
    }
}
