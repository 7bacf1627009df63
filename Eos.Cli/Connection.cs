using Akka.Configuration;
using Eos.Client;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>Opens the one connection of a run.</summary>
internal static class Connection
{
    public static EosClient Open(GlobalOptions options)
    {
        try
        {
            if (options.Socket is { } socket) return new EosClient(SocketLink.To(socket), options.Claim, options.Timeout);
            return new EosClient(ClusterLink.To(options.Endpoints, options.KeyFile), options.Claim, options.Timeout);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Failure.OfLocal(options.KeyFile ?? "", problem);
        }
        catch (ConfigurationException problem)
        {
            throw new EosException(Errno.Invalid, problem.Message);
        }
    }
}
